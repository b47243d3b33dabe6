import { createHash } from 'node:crypto'
import { buildChatRequest, type ChatRequest } from './chat-request.js'

/**
 * What makes two requests the same question, as a SHA-256 in hex: server address, model, whole messages (images included), tools,
 * sampling, further fields, which repetition it is and which turn. How a reply is read is no part of it.
 */
export function replyKey({
  url,
  model,
  request,
  repetition = 0,
  turn,
}: {
  url: string
  model: string
  request: ChatRequest
  /** The epoch, where the same question is to be answered anew in each. */
  repetition?: number
  /** Of a conversation that is asked for turn by turn; absent: the question stands alone. */
  turn?: number | undefined
}): string {
  // The server may want another name for the bound of tokens; the question stays the same.
  const body = buildChatRequest({ model, request, maxTokensField: 'max_tokens' })
  return createHash('sha256')
    .update(JSON.stringify(sorted({ url, repetition, turn, body })))
    .digest('hex')
}

/** The same value with the names of every object in one order, and images as their hashes. */
function sorted(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('data:image/'))
    return `sha256:${createHash('sha256').update(value).digest('hex')}`
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]))
}
