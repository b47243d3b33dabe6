/** One line of a byte stream, without its newline. */
export interface Line {
  bytes: Buffer
  /** Position of the line's first byte in the stream. */
  offset: number
  /** False for a last line that no newline ends. */
  isTerminated: boolean
}

const NEWLINE = 0x0a

/**
 * Lines of a byte stream, split on `\n` only: JSON Lines may hold U+2028 and `\r`, which other readers take for ends of lines.
 * An empty piece behind the last newline is not a line.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let pending: Uint8Array[] = []
  let offset = 0
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const bytes = Buffer.concat([...pending, chunk.subarray(start, end)])
      pending = []
      yield { bytes, offset, isTerminated: true }
      offset += bytes.length + 1
      start = end + 1
    }
    if (start < chunk.length) pending.push(chunk.subarray(start))
  }
  if (pending.length > 0) yield { bytes: Buffer.concat(pending), offset, isTerminated: false }
}
