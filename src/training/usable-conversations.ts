import { DataError, UsageError } from '../core/errors.js'
import type { EncodedImage } from '../core/image.js'
import type { ToolDescription } from '../core/policy.js'
import { ahead } from '../data/ahead.js'
import type { Conversation } from '../data/conversations/conversation.js'
import { conversationMessages, conversationName } from './conversation-messages.js'
import { imageFacts, shownSize, type ImageFacts } from './shown-image.js'
import type { TrainingExample } from './training-examples.js'

/** A conversation that can be learned from, as far as that is known before it is, and the SHA-256 of its image files. */
export interface UsableConversation {
  readonly conversation: Conversation
  readonly images: readonly string[]
}

/** Conversations whose images are looked at together. */
const WIDTH = 8

/**
 * Look at each conversation before a training begins, so that none ends it when its turn comes: whether its image files are there and are images, and whether the model can read it. No pixels are decoded. One that
 * cannot be used is told and left out.
 * @param parameters.check throws for a conversation that the model cannot read; of its images it has the sizes alone
 */
export async function* usableConversations({
  conversations,
  tools,
  maxPixels,
  check,
  onProblem,
}: {
  conversations: AsyncIterable<Conversation>
  /** Of conversations that name none. */
  tools: readonly ToolDescription[]
  maxPixels: number
  check: (example: Pick<TrainingExample, 'messages' | 'tools'>) => void
  onProblem: (problem: DataError) => void
}): AsyncGenerator<UsableConversation> {
  const known = new Map<string, Promise<ImageFacts>>()
  const factsOf = (path: string): Promise<ImageFacts> => {
    const facts = known.get(path) ?? imageFacts(path)
    known.set(path, facts)
    return facts
  }
  const examine = async (conversation: Conversation): Promise<UsableConversation | DataError> => {
    try {
      const facts = await Promise.all(conversation.images.map(factsOf))
      const images = facts.map((image) => unread({ ...image, ...shownSize({ ...image, maxPixels }) }))
      check({
        messages: conversationMessages({ conversation, images }),
        tools: conversation.tools ?? tools,
      })
      return { conversation, images: facts.map(({ sha256 }) => sha256) }
    } catch (cause) {
      if (!(cause instanceof UsageError)) throw cause
      return new DataError(`${conversationName(conversation)}: ${cause.message}`, { cause })
    }
  }
  for await (const found of ahead({ items: conversations, width: WIDTH, work: examine }))
    if (found instanceof DataError) onProblem(found)
    else yield found
}

function unread(image: ImageFacts): EncodedImage {
  const read = (): never => {
    throw new Error('expected nobody to read the images of a conversation that is only looked at')
  }
  return { ...image, mediaType: 'image/png', read }
}
