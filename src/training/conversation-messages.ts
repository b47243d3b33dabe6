import { DataError } from '../core/errors.js'
import type { EncodedImage } from '../core/image.js'
import type { Message } from '../core/message.js'
import type { Conversation } from '../data/conversations/conversation.js'

/** A conversation's messages with the images that they show, in the order of its files. */
export function conversationMessages({
  conversation,
  images,
}: {
  conversation: Conversation
  images: readonly EncodedImage[]
}): Message[] {
  return conversation.messages.map(({ role, content }) => ({
    role,
    content: content.map((part) => {
      if (part.type === 'text') return part
      const image = images[part.index]
      if (image === undefined)
        throw new DataError(`expected an image ${part.index}, got ${images.length} images`)
      return { type: 'image', index: part.index, image }
    }),
  }))
}

/** As messages name it: by its place in its file, where it was read from one. */
export function conversationName({ id, where }: Conversation): string {
  return where === undefined ? id : `${where} (${id})`
}
