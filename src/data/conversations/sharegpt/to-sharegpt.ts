import type { Conversation, ConversationMessage } from '../conversation.js'
import { markedText } from '../markers.js'

/** A row as the paper's SFT set has them (section 3). */
export interface SharegptRow {
  readonly id: string
  readonly conversations: readonly { readonly from: string; readonly value: string }[]
  /** Relative to the file's folder, one for each `<image>`, in order. */
  readonly images: readonly string[]
  readonly system?: string
  /** JSON text: a list of tools. */
  readonly tools?: string
}

/** What stands between the results of one turn, as Qwen's chat template writes them. */
export const BETWEEN_RESULTS = '\n</tool_response>\n<tool_response>\n'

/** A conversation as a row; nothing is added to its texts. `images` are the paths that the row is to name. */
export function toSharegpt({
  conversation: { id, messages, tools },
  images,
}: {
  conversation: Conversation
  images: readonly string[]
}): SharegptRow {
  const system = messages[0]?.role === 'system' ? markedText(messages[0].content) : null
  const turns = system === null ? messages : messages.slice(1)
  return {
    id,
    conversations: joinedResults(turns),
    images,
    ...(system !== null && { system }),
    ...(tools !== null && { tools: JSON.stringify(tools) }),
  }
}

const FROM = { user: 'human', assistant: 'gpt', tool: 'tool', system: 'system' } as const

/** Speakers take turns: several results of one turn are one message. */
function joinedResults(messages: readonly ConversationMessage[]): SharegptRow['conversations'] {
  const turns: { from: string; value: string }[] = []
  for (const { role, content } of messages) {
    const last = turns.at(-1)
    if (role === 'tool' && last?.from === FROM.tool) last.value += `${BETWEEN_RESULTS}${markedText(content)}`
    else turns.push({ from: FROM[role], value: markedText(content) })
  }
  return turns
}
