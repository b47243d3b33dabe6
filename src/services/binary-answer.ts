import type { FastifyReply } from 'fastify'
import type { SandboxImage } from '../core/image.js'
import { encode } from './execution-answer.js'

const TYPES = { png: 'image/png', pixels: 'application/octet-stream' } as const

/** What the Accept header asks for beside JSON. */
export function binaryEncoding(accept: string | undefined): 'png' | 'pixels' | null {
  const types = (accept ?? '').split(',').map((type) => type.split(';')[0]?.trim())
  if (types.includes(TYPES.png)) return 'png'
  return types.includes(TYPES.pixels) ? 'pixels' : null
}

/** Send an image as the body; what it is stands in the headers. */
export async function sendImage({
  reply,
  image,
  encoding,
}: {
  reply: FastifyReply
  image: SandboxImage
  encoding: 'png' | 'pixels'
}): Promise<FastifyReply> {
  const body = await encode(image, encoding)
  return reply
    .headers({
      'content-type': TYPES[encoding],
      'x-image-width': image.width,
      'x-image-height': image.height,
      'x-image-mode': image.mode,
    })
    .send(body)
}
