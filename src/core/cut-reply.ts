import type { NativeToolCall } from './message.js'
import type { PolicyReply } from './policy.js'

/** What a turn counts against its limit of characters: its text, and name and arguments of each native call, in UTF-16 units. */
export function replyLength({ text, toolCalls }: Pick<PolicyReply, 'text' | 'toolCalls'>): number {
  return toolCalls.reduce((total, call) => total + callLength(call), text.length)
}

/**
 * A reply of at most `maxCharacters` (see {@link replyLength}): the text first, then the calls in their order; what is beyond is cut off, and the
 * reply then ends with `length`. A reply within the limit comes back as it is. No character is cut in two.
 */
export function cutReply({
  reply,
  maxCharacters,
}: {
  reply: PolicyReply
  maxCharacters: number
}): PolicyReply {
  if (replyLength(reply) <= maxCharacters) return reply
  const text = startOf(reply.text, maxCharacters)
  const toolCalls: NativeToolCall[] = []
  let left = maxCharacters - text.length
  for (const call of reply.toolCalls) {
    if (left <= call.name.length) break
    toolCalls.push({ ...call, arguments: startOf(call.arguments, left - call.name.length) })
    left -= callLength(call)
  }
  return { ...reply, text, toolCalls, finishReason: 'length' }
}

function callLength({ name, arguments: json }: NativeToolCall): number {
  return name.length + json.length
}

function startOf(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '')
}
