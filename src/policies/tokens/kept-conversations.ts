import type { OpenTokenLedger } from '../../core/token-ledger.js'
import type { Conversation } from '../../models/generate/conversation.js'
import type { ProcessedImage } from '../../models/processor/process-image.js'
import type { KnownTurn } from './plan-prompt.js'

/** What is kept of a rollout between its turns. */
export interface KeptConversation {
  readonly ledger: OpenTokenLedger
  readonly turns: KnownTurn[]
  /** Keys and values computed so far; null: let go of, to be computed again from the ledger's tokens. */
  conversation: Conversation<ProcessedImage> | null
}

/** Rollouts between their turns, the longest unused first. Keys and values are let go of by number and size, tokens by number only. */
export interface KeptConversations {
  /** Take a rollout out; null where none is kept or it is taken already. */
  take(key: string): KeptConversation | null
  /** Put it back as the latest used. */
  put(key: string, kept: KeptConversation): void
  find(key: string): KeptConversation | null
  forget(key: string): void
  /** Let go of all keys and values: they were computed with weights that are others now. Ledgers stay. */
  release(): void
  /** Bytes of the keys and values that are kept. */
  readonly bytes: number
  clear(): void
}

export interface KeptBounds {
  /** Conversations whose keys and values are kept. */
  conversations: number
  /** What these may hold together. */
  bytes: number
  /** Rollouts whose tokens are kept. */
  ledgers: number
}

export function createKeptConversations({
  bounds,
  bytesPerToken,
}: {
  bounds: KeptBounds
  bytesPerToken: number
}): KeptConversations {
  const all = new Map<string, KeptConversation>()
  const bytesOf = ({ conversation }: KeptConversation): number =>
    conversation === null ? 0 : (conversation.ids.length - conversation.pending) * bytesPerToken
  const held = (): KeptConversation[] => [...all.values()].filter(({ conversation }) => conversation !== null)
  const total = (): number => held().reduce((sum, kept) => sum + bytesOf(kept), 0)
  const release = (kept: KeptConversation | undefined): void => {
    kept?.conversation?.dispose()
    if (kept !== undefined) kept.conversation = null
  }
  const forget = (key: string): void => {
    release(all.get(key))
    all.delete(key)
  }
  return {
    get bytes() {
      return total()
    },
    find: (key) => all.get(key) ?? null,
    take(key) {
      const kept = all.get(key) ?? null
      all.delete(key)
      return kept
    },
    put(key, kept) {
      forget(key)
      all.set(key, kept)
      for (const [oldest] of all) {
        if (all.size <= bounds.ledgers) break
        forget(oldest)
      }
      let [count, bytes] = [held().length, total()]
      for (const older of held()) {
        if (count <= bounds.conversations && bytes <= bounds.bytes) break
        count--
        bytes -= bytesOf(older)
        release(older)
      }
    },
    forget,
    release() {
      for (const kept of held()) release(kept)
    },
    clear() {
      for (const key of [...all.keys()]) forget(key)
    },
  }
}
