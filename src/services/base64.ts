import { randomUUID } from 'node:crypto'
import { z } from 'zod'

/** Bytes that an answer holds as base64. */
export class Base64 {
  readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  toString(): string {
    return this.bytes.toString('base64')
  }

  /** Where an answer is made, its place. */
  toJSON(): string {
    if (placed === null) return this.toString()
    placed.push(this.bytes)
    return PLACE
  }
}

/** Of an answer, in schemas that describe it: a string for whoever reads it. */
export function base64(): z.ZodType<Base64> {
  return z.string() as unknown as z.ZodType<Base64>
}

/** Where base64 is left out of a text; nobody else can write it. */
const PLACE = randomUUID()
/** What was left out of the text that is being made, in its order. */
let placed: Buffer[] | null = null
/**
 * Bytes that become text at a time, a multiple of three. A longer string is no small object of V8's heap any more: it gets pages of its own from the system, whose
 * faults take longer than writing it does.
 */
const PIECE = 24 << 10

/**
 * An answer as JSON, in UTF-8. Base64, which is nearly all of an answer with an image, is written into it as it is: no character of it has to be looked at or escaped, and no
 * string with all of it is made.
 */
export function jsonBytes(value: unknown): Buffer {
  const files: Buffer[] = []
  const text = placing(files, () => JSON.stringify(value))
  if (files.length === 0) return Buffer.from(text)
  const pieces = text.split(PLACE).map((piece) => Buffer.from(piece))
  const length = files.reduce((sum, file) => sum + base64Length(file), 0)
  const bytes = Buffer.allocUnsafe(pieces.reduce((sum, piece) => sum + piece.length, length))
  let end = 0
  for (const [at, piece] of pieces.entries()) {
    end += piece.copy(bytes, end)
    const file = files[at]
    if (file !== undefined) end += writeBase64({ file, into: bytes, at: end })
  }
  return bytes
}

function placing<Value>(files: Buffer[], action: () => Value): Value {
  const before = placed
  placed = files
  try {
    return action()
  } finally {
    placed = before
  }
}

function base64Length({ length }: Buffer): number {
  return 4 * Math.ceil(length / 3)
}

function writeBase64({ file, into, at }: { file: Buffer; into: Buffer; at: number }): number {
  let written = 0
  for (let start = 0; start < file.length; start += PIECE)
    written += into.write(file.toString('base64', start, start + PIECE), at + written, 'latin1')
  return written
}
