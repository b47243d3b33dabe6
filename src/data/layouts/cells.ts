import { z } from 'zod'
import { UsageError } from '../../core/errors.js'

/** A whole number; parquet readers give 64-bit columns as bigint, TSV as text. */
export const wholeCell = z
  .union([z.bigint(), z.number(), z.string().regex(/^\s*-?\d+\s*$/, 'expected a whole number')])
  .transform(Number)
  .pipe(z.number().int())

/** An image of a row: the file's bytes, or its path beside the data file. */
export const imageCell = z
  .object({ bytes: z.instanceof(Uint8Array).nullish(), path: z.string().nullish() })
  .refine(
    ({ bytes, path }) => (bytes ? bytes.length > 0 : path),
    'expected the bytes of an image file, or its path',
  )

export type ImageCell = z.output<typeof imageCell>

/** An image whose cell holds the bytes of the file themselves. */
export const bytesCell = z
  .instanceof(Uint8Array, { error: 'expected the bytes of an image file' })
  .refine((bytes) => bytes.length > 0, 'expected the bytes of an image file')
  .transform((bytes): ImageCell => ({ bytes }))

/** Base64 as a text (parquet) or as its bytes (TSV). */
export const base64Cell = z.union([z.string().min(1), z.instanceof(Uint8Array)], {
  error: 'expected an image as base64',
})

const DATA_URI = /^data:[^,;]*(;[^,;]*)*;base64,/
/** In neither form of base64, nor between its lines. */
const NO_BASE64 = /[^\w+/=\s-]/

/**
 * The file that base64 holds.
 * @throws UsageError where it is broken: the decoder skips what is no base64, so that too few bytes come out.
 */
export function decodeBase64({ cell, where }: { cell: string | Uint8Array; where: string }): ImageCell {
  const text =
    typeof cell === 'string'
      ? cell
      : Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength).toString('latin1')
  const prefix = text.startsWith('data:') ? (DATA_URI.exec(text.slice(0, 100))?.[0].length ?? 0) : 0
  const base64 = prefix === 0 ? text : text.slice(prefix)
  const foreign = NO_BASE64.exec(base64)
  if (foreign !== null)
    throw new UsageError(
      `${where}, column \`image\`: expected an image as base64, got ${base64.length} characters with "${foreign[0]}" among them, beginning "${base64.slice(0, 60)}"; rows that name image files by their paths are written as JSON Lines (.jsonl)`,
    )
  const bytes = Buffer.from(base64, 'base64')
  // Without the breaks between its lines.
  const { length } = base64.replace(/\s+/g, '')
  if (bytes.length > 0 && bytes.length >= Math.floor((length * 3) / 4) - 2) return { bytes }
  throw new UsageError(
    `${where}, column \`image\`: expected an image as base64, got ${base64.length} characters that decode to ${bytes.length} bytes, beginning "${base64.slice(0, 30)}"`,
  )
}
