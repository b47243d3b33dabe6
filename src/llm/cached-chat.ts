import { unlessAborted } from '../core/unless-aborted.js'
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
  /** Sends what the cache does not know, by default at once: an account counts it, and may refuse it. */
  asking?: (send: () => Promise<ChatReply>, signal: AbortSignal | undefined) => Promise<ChatReply>
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
    async complete({ isUsable, asking = (send) => send(), signal, repetition = 0, turn, ...request }) {
      const ask = (): Promise<ChatReply> => asking(() => client.complete({ ...request, signal }), signal)
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
        // The failure of somebody else's request is not ours.
        const shared = await unlessAborted(
          other.catch(() => null),
          signal,
          abortErrorOf,
        )
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

/** A query may hold a key. */
function withoutQuery(address: string): string {
  const { origin, pathname } = new URL(address)
  return `${origin}${pathname}`
}
