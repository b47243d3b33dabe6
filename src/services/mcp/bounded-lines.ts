import { Transform, type TransformCallback } from 'node:stream'

export interface BoundedLinesParameters {
  /** Longest line that goes through, in bytes, without its end. */
  maxBytes: number
  /** A line has just become longer than that. */
  onTooLong: () => void
  /** Its end has come. Told once for each such line, with its first and last bytes, at most a kilobyte of either. */
  onSkipped: (line: SkippedLine) => void
}

/** What is kept of a line that does not go through. */
export interface SkippedLine {
  head: string
  tail: string
}

const KEPT_BYTES = 1024
const LINE_END = 0x0a

/**
 * Lines of a stream, each a chunk of its own with its end, whatever pieces they arrive in. A line that is too long is skipped up to its end, and the next one goes
 * through; of a line without an end nothing goes on.
 */
export class BoundedLines extends Transform {
  private readonly parameters: BoundedLinesParameters
  private pieces: Buffer[] = []
  private length = 0
  /** Undefined unless a line is being skipped. */
  private skipped: { head: Buffer; tail: Buffer } | undefined

  constructor(parameters: BoundedLinesParameters) {
    super({ readableObjectMode: true })
    this.parameters = parameters
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let start = 0
    for (let end = chunk.indexOf(LINE_END); end !== -1; end = chunk.indexOf(LINE_END, start)) {
      this.keep(chunk.subarray(start, end))
      this.endLine()
      start = end + 1
    }
    this.keep(chunk.subarray(start))
    done()
  }

  private keep(piece: Buffer): void {
    if (this.skipped) {
      this.skipped.tail = lastBytes([this.skipped.tail, piece])
      return
    }
    if (piece.length === 0) return
    this.pieces.push(piece)
    this.length += piece.length
    if (this.length <= this.parameters.maxBytes) return
    this.skipped = { head: firstBytes(this.pieces), tail: lastBytes(this.pieces) }
    this.forget()
    this.parameters.onTooLong()
  }

  private endLine(): void {
    if (this.skipped) {
      const { head, tail } = this.skipped
      this.skipped = undefined
      this.parameters.onSkipped({ head: head.toString('utf8'), tail: tail.toString('utf8') })
      return
    }
    this.push(Buffer.concat([...this.pieces, Buffer.of(LINE_END)]))
    this.forget()
  }

  private forget(): void {
    this.pieces = []
    this.length = 0
  }
}

/** Copies, so that what they were cut from can go. */
function firstBytes(pieces: readonly Buffer[]): Buffer {
  return Buffer.concat(pieces, KEPT_BYTES)
}

function lastBytes(pieces: readonly Buffer[]): Buffer {
  const last = pieces.map((piece) => piece.subarray(-KEPT_BYTES))
  return Buffer.from(Buffer.concat(last).subarray(-KEPT_BYTES))
}
