import type { Conversation } from '../conversation.js'
import { LINE_VERSION, type ConversationLine } from './conversation-line.js'

/** A conversation as a line's value; `images` are the paths that it is to name. */
export function toJsonl({
  conversation,
  images,
}: {
  conversation: Conversation
  images: readonly string[]
}): ConversationLine {
  const { id, messages, tools, task, curation } = conversation
  return structuredClone({
    schemaVersion: LINE_VERSION,
    id,
    messages,
    images,
    tools,
    task,
    curation,
  }) as ConversationLine
}
