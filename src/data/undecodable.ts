import { UsageError } from '../core/errors.js'

/** What to say of bytes that are no image. One line: the decoder's text may hold the complaints of other images that were decoded at the same time. */
export function undecodable({ bytes, cause }: { bytes: Uint8Array; cause: unknown }): UsageError {
  const [reason] = String(cause).split('\n')
  return new UsageError(
    `expected an image file, got ${bytes.length} bytes that cannot be decoded: ${reason}`,
    { cause },
  )
}
