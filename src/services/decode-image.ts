import { ServiceError } from './service-error.js'

const DATA_URI = /^data:[\w.+-]+\/[\w.+-]+;base64,/
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/**
 * The bytes of one image of a request.
 * @param parameters.name where it stands in the request, such as `images[0]`
 * @throws ServiceError (400) where the text is not base64.
 */
export function decodeImage({ text, name }: { text: string; name: string }): Buffer {
  const prefix = DATA_URI.exec(text)?.[0] ?? ''
  const encoded = text.slice(prefix.length)
  // Buffer.from skips what it does not know; half an image would then be told as a damaged one.
  if (!BASE64.test(encoded) || encoded.length % 4 !== 0)
    throw new ServiceError({
      status: 400,
      code: 'bad_base64',
      message: `${name}: expected base64 (A–Z a–z 0–9 + / with = at the end, no line breaks), got other characters or a length that is no multiple of 4.`,
      hint: 'Send the bytes of the image file as base64, or as data:image/png;base64,….',
    })
  return Buffer.from(encoded, 'base64')
}
