import type { EncodedImage } from '../../core/image.js'
import { textOf, type ImagePart, type Message } from '../../core/message.js'

/** What came back after one assistant turn. */
export type Observation =
  { status: 'seen'; view: EncodedImage; imageIndex: number } | { status: 'failed'; text: string }

/** A conversation as the agent understands it. */
export interface Conversation {
  question: string
  /** The image that the question came with; null: none was shown. */
  given: { view: EncodedImage; imageIndex: number } | null
  /** One for every assistant turn so far. */
  observations: Observation[]
}

/** Read question, image and what each call brought out of the messages; nothing else is known to the agent. */
export function readConversation(messages: readonly Message[]): Conversation {
  const firstTurn = messages.findIndex((message) => message.role === 'assistant')
  const opening = firstTurn < 0 ? messages : messages.slice(0, firstTurn)
  const asked = opening.filter((message) => message.role === 'user')
  const image = asked.flatMap(imagesOf)[0]
  const observations: Observation[] = []
  let replies: Message[] = []
  const close = (): void => {
    const seen = replies.flatMap(imagesOf).at(-1)
    observations.push(
      seen
        ? { status: 'seen', view: seen.image, imageIndex: seen.index }
        : { status: 'failed', text: replies.map(textOf).join('\n') },
    )
  }
  if (firstTurn >= 0) {
    for (const message of messages.slice(firstTurn + 1)) {
      if (message.role === 'assistant') {
        close()
        replies = []
      } else replies.push(message)
    }
    close()
  }
  return {
    question: asked.map(textOf).join('\n').replaceAll('<image>', '').trim(),
    given: image ? { view: image.image, imageIndex: image.index } : null,
    observations,
  }
}

function imagesOf(message: Message): ImagePart<EncodedImage>[] {
  return message.content.filter((part) => part.type === 'image')
}
