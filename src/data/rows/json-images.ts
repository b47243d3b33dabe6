import { UsageError } from '../../core/errors.js'

const DATA_URI = /^data:[^,;]*(;[^,;]*)*;base64,/
const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/

/**
 * A JSON row with its images as bytes or paths: a text is a base64 data URI, or a path beside the file; `{ "bytes": … }` holds base64.
 * @throws UsageError when base64 is broken.
 */
export function withImageBytes({
  row,
  where,
}: {
  row: Record<string, unknown>
  where: string
}): Record<string, unknown> {
  const { image, images } = row
  return {
    ...row,
    ...(image !== undefined && { image: imageCellOf({ value: image, where: `${where}, column \`image\`` }) }),
    ...(Array.isArray(images) && {
      images: images.map((value: unknown, at) =>
        imageCellOf({ value, where: `${where}, column \`images[${at}]\`` }),
      ),
    }),
  }
}

function imageCellOf({ value, where }: { value: unknown; where: string }): unknown {
  if (typeof value === 'string') {
    return value.startsWith('data:') ? { bytes: decode({ text: value, where }) } : { path: value }
  }
  if (typeof value === 'object' && value !== null && 'bytes' in value && typeof value.bytes === 'string') {
    return { ...value, bytes: decode({ text: value.bytes, where }) }
  }
  return value
}

function decode({ text, where }: { text: string; where: string }): Buffer {
  const base64 = text.replace(DATA_URI, '')
  if (!BASE64.test(base64)) {
    throw new UsageError(
      `${where}: expected an image as base64 (data:image/png;base64,…), got "${text.slice(0, 40)}…"`,
    )
  }
  return Buffer.from(base64, 'base64')
}
