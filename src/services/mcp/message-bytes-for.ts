import { LONGEST_TEXT_BYTES } from '../longest-text.js'

/** Of a message with the largest image that may be handed over: base64 and its wrapping. */
export function messageBytesFor({ fileBytes }: { fileBytes: number }): number {
  return Math.min(LONGEST_TEXT_BYTES, Math.ceil((fileBytes * 4) / 3) + (1 << 20))
}
