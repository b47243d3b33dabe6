import { abortErrorOf } from './abort-error.js'
import type { ChatClient } from './chat-client.js'
import type { ChatRequest } from './chat-request.js'
import type { ChatReply } from './chat-server.js'
import type { ReplyCache } from './reply-cache.js'
import { replyKey } from './reply-key.js'

export interface CachedChatRequest extends ChatRequest {
  /** The epoch, where the same question is to be answered anew in each. Default 0. */
  repetition?: number
  /** The turn, where a conversation is asked for turn by turn. */
  turn?: number
  /** Whether a reply can be used: one that cannot is neither taken from the cache nor kept. */
  isUsable: (reply: ChatReply) => boolean
  /** Called before the server is asked, and not where the cache knows; what it throws ends the request. */
  onAsk?: () => void
  signal?: AbortSignal | undefined
}

export interface CachedChat {
  /** @throws as {@link ChatClient.complete}; errors are never kept */
  complete(request: CachedChatRequest): Promise<{ reply: ChatReply; isCached: boolean }>
}

/** A client whose usable, whole replies are kept; a question that is being asked right now is not asked twice. */
export function createCachedChat({
  client,
  cache,
}: {
  client: ChatClient
  /** Null: every request goes to the server. */
  cache: ReplyCache | null
}): CachedChat {
  const { model, url } = client
  const running = new Map<string, Promise<{ reply: ChatReply; isCached: boolean }>>()

  return {
    async complete({ isUsable, onAsk, signal, repetition = 0, turn, ...request }) {
      const ask = (): Promise<ChatReply> => {
        onAsk?.()
        return client.complete({ ...request, signal })
      }
      if (cache === null) return { reply: await ask(), isCached: false }

      const key = replyKey({ url, model, request, repetition, turn })
      const lookUpOrAsk = async (): Promise<{ reply: ChatReply; isCached: boolean }> => {
        const kept = await cache.get(key)
        if (kept !== null && isUsable(kept)) return { reply: kept, isCached: true }
        const reply = await ask()
        // A reply that repeats the key it was asked with is not for a file.
        const isClean = client.scrub(JSON.stringify(reply)) === JSON.stringify(reply)
        if (isUsable(reply) && reply.finishReason === 'stop' && isClean)
          await cache.put({ key, model, url: withoutQuery(url), reply })
        return { reply, isCached: false }
      }

      for (let other = running.get(key); other !== undefined; other = running.get(key)) {
        const shared = await settled(other, signal)
        if (shared !== null && isUsable(shared.reply)) return { reply: shared.reply, isCached: true }
      }
      const own = lookUpOrAsk()
      running.set(key, own)
      try {
        return await own
      } finally {
        running.delete(key)
      }
    },
  }
}

/** Of somebody else's request: null where it failed, whose failure is not ours. */
async function settled<Value>(other: Promise<Value>, signal: AbortSignal | undefined): Promise<Value | null> {
  if (signal === undefined) return other.catch(() => null)
  let onAbort = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(abortErrorOf(signal))
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([other.catch(() => null), aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** A query may hold a key. */
function withoutQuery(address: string): string {
  const { origin, pathname } = new URL(address)
  return `${origin}${pathname}`
}
