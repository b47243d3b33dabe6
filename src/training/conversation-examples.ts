import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { EncodedImage } from '../core/image.js'
import type { ToolDescription } from '../core/policy.js'
import type { Conversation } from '../data/conversations/conversation.js'
import { conversationMessages, conversationName } from './conversation-messages.js'
import { shownImage } from './shown-image.js'
import type { TrainingExamples } from './training-examples.js'
import { keysHash } from './training-tasks.js'
import type { UsableConversation } from './usable-conversations.js'

export interface ConversationExamples extends TrainingExamples {
  /** Identity of each, by its texts and the contents of its images. */
  readonly keys: readonly string[]
  /** {@link TrainingExamples.sha256} as runs recorded it when images were told by the names of their files. */
  readonly earlierSha256: string
}

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
  conversations: readonly UsableConversation[]
  tools: readonly ToolDescription[]
  maxPixels: number
}): ConversationExamples {
  const conversationAt = (place: number): Conversation => {
    const found = conversations[place]
    if (found === undefined) throw new RangeError(`expected a conversation ${place}, got none`)
    return found.conversation
  }
  const described = JSON.stringify([tools, maxPixels])
  const keys = conversations.map((one) => identityOf(one, one.images))
  const earlier = conversations.map((one) => identityOf(one, one.conversation.images.map(baseName)))
  return {
    count: conversations.length,
    keys,
    sha256: keysHash([described, ...keys]),
    earlierSha256: keysHash([described, ...earlier]),
    nameOf: (place) => conversationName(conversationAt(place)),
    async read(place) {
      const conversation = conversationAt(place)
      const images: EncodedImage[] = []
      for (const path of conversation.images) images.push(await shownImage({ path, maxPixels }))
      return {
        messages: conversationMessages({ conversation, images }),
        tools: conversation.tools ?? tools,
      }
    },
  }
}

const baseName = (path: string): string => basename(path)

/** @param images what tells its images from others */
function identityOf(
  { conversation: { messages, tools } }: UsableConversation,
  images: readonly string[],
): string {
  return createHash('sha256')
    .update(JSON.stringify([messages, images, tools]))
    .digest('hex')
}
