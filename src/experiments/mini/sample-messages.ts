import { createHash } from 'node:crypto'
import type { EncodedImage } from '../../core/image.js'
import type { Message } from '../../core/message.js'
import { boardPng } from '../../data/card-board/write-boards.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'
import type { MiniSample } from './mini-sample.js'

/** The conversation of a sample with its views as PNG files, as a `TrainablePolicy` encodes it. */
export async function sampleMessages({ messages }: Pick<MiniSample, 'messages'>): Promise<Message[]> {
  return Promise.all(
    messages.map(async ({ role, content }): Promise<Message> => {
      const parts = content.map(async (part) =>
        part.type === 'text' ? part : { ...part, image: await encoded(part.image) },
      )
      return { role, content: await Promise.all(parts) }
    }),
  )
}

async function encoded(image: PixelImage): Promise<EncodedImage> {
  const bytes = await boardPng(image)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const { width, height } = image
  return { sha256, width, height, mediaType: 'image/png', read: () => Promise.resolve(bytes) }
}
