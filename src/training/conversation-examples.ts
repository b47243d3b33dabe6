import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import sharp from 'sharp'
import { DataError } from '../core/errors.js'
import type { EncodedImage } from '../core/image.js'
import type { Message } from '../core/message.js'
import type { ToolDescription } from '../core/policy.js'
import type { Conversation } from '../data/conversations/conversation.js'
import type { TrainingExample, TrainingExamples } from './training-examples.js'
import { keysHash } from './training-tasks.js'

/**
 * Conversations of files or runs as examples; their images are read when one is learned from.
 * @param parameters.tools what is described to the model outside of the system prompt, where a conversation does not say itself
 * @param parameters.maxPixels larger images (width × height) are made smaller, aspect kept
 */
export function conversationExamples({
  conversations,
  tools,
  maxPixels,
}: {
  conversations: readonly Conversation[]
  tools: readonly ToolDescription[]
  maxPixels: number
}): TrainingExamples {
  const described = JSON.stringify([tools, maxPixels])
  return {
    count: conversations.length,
    sha256: keysHash([described, ...conversations.map(identityOf)]),
    read(place) {
      const conversation = conversations[place]
      if (conversation === undefined) throw new RangeError(`expected a conversation ${place}, got none`)
      return exampleOf({ conversation, tools, maxPixels })
    },
  }
}

/** Texts and names of files: a folder that was moved holds the same conversations. */
function identityOf({ messages, images, tools }: Conversation): string {
  const told = JSON.stringify([messages, images.map((path) => basename(path)), tools])
  return createHash('sha256').update(told).digest('hex')
}

async function exampleOf({
  conversation,
  tools,
  maxPixels,
}: {
  conversation: Conversation
  tools: readonly ToolDescription[]
  maxPixels: number
}): Promise<TrainingExample> {
  const images: EncodedImage[] = []
  for (const path of conversation.images) images.push(await openImage({ path, maxPixels }))
  const messages = conversation.messages.map(({ role, content }): Message => ({
    role,
    content: content.map((part) => {
      if (part.type === 'text') return part
      const image = images[part.index]
      if (image === undefined)
        throw new DataError(
          `${conversation.id}: expected an image ${part.index}, got ${images.length} images`,
        )
      return { type: 'image', index: part.index, image }
    }),
  }))
  const { id, where } = conversation
  return { id: where === undefined ? id : `${where} (${id})`, messages, tools: conversation.tools ?? tools }
}

/** PNG and JPEG files within the bound are taken as they are. */
async function openImage({ path, maxPixels }: { path: string; maxPixels: number }): Promise<EncodedImage> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new DataError(`expected an image file at ${path}; ${String(cause)}`, { cause })
  })
  try {
    const { width, height, format } = await sharp(bytes, { limitInputPixels: false }).metadata()
    const scale = Math.sqrt(maxPixels / (width * height))
    if (scale >= 1 && (format === 'png' || format === 'jpeg'))
      return encoded({ bytes, width, height, mediaType: `image/${format}` })
    const [wide, high] = [width, height].map((side) => Math.max(1, Math.floor(side * Math.min(1, scale))))
    const { data, info } = await sharp(bytes, { limitInputPixels: false })
      .resize({ width: wide, height: high, fit: 'fill', kernel: 'lanczos3' })
      .png()
      .toBuffer({ resolveWithObject: true })
    return encoded({ bytes: data, width: info.width, height: info.height, mediaType: 'image/png' })
  } catch (cause) {
    throw new DataError(`${path}: expected an image that can be decoded; ${String(cause)}`, { cause })
  }
}

function encoded({
  bytes,
  ...image
}: Omit<EncodedImage, 'sha256' | 'read'> & { bytes: Buffer }): EncodedImage {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { ...image, sha256, read: () => Promise.resolve(bytes) }
}
