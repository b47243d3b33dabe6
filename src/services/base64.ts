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

  toJSON(): string {
    return this.toString()
  }
}

/** Of an answer, in schemas that describe it: a string for whoever reads it. */
export function base64(): z.ZodType<Base64> {
  return z.string() as unknown as z.ZodType<Base64>
}

/** Where base64 is left out of a text; nobody else can write it. */
const PLACE = randomUUID()

/**
 * An answer as JSON, in UTF-8. Base64, which is nearly all of an answer with an image, is copied into it as it is: no character of it has to be looked at or escaped, and no
 * string with all of it is made.
 */
export function jsonBytes(value: unknown): Buffer {
  const images: string[] = []
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, one: unknown) {
    if (!(this[key] instanceof Base64)) return one
    images.push(one as string)
    return PLACE
  })
  if (images.length === 0) return Buffer.from(text)
  const pieces = text.split(PLACE).map((piece) => Buffer.from(piece))
  const bytes = Buffer.allocUnsafe([...pieces, ...images].reduce((sum, { length }) => sum + length, 0))
  let end = 0
  for (const [at, piece] of pieces.entries()) {
    end += piece.copy(bytes, end)
    end += bytes.write(images[at] ?? '', end, 'latin1')
  }
  return bytes
}
