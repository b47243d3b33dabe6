import type { MemorySettings } from '../../config/memory-settings.js'
import { cutReply } from '../../core/cut-reply.js'
import type { SamplingPolicy } from '../../core/trainable-policy.js'
import { uniformStream } from '../../core/uniform-stream.js'
import type { Sampling } from '../../models/generate/choose-token.js'
import type { Generation } from '../../models/generate/generate.js'
import type { VisionLanguageModel } from '../../models/open-model.js'
import { visualTokens } from '../../models/processor/visual-tokens.js'
import { createBatchScheduler } from './batch-scheduler.js'
import { createKeptConversations, type KeptBounds } from '../tokens/kept-conversations.js'
import { conversationImages } from '../tokens/conversation-image.js'
import { createPromptPreparer, type ConversationTally } from '../tokens/prepare-prompts.js'
import { rolloutKey } from '../tokens/rollout-key.js'
import { sampledIds, turnReply } from '../tokens/turn-reply.js'
import { createWeightsGate } from './weights-gate.js'

export interface TfjsPolicyParameters {
  model: VisionLanguageModel
  /** Identifies the weights. */
  name: string
  sampling: Sampling
  /** Tokens that end a turn. */
  stopIds: ReadonlySet<number>
  /** The run's; each sample, epoch and turn draws its own numbers from it. */
  seed: number
  /** Tokens of a turn where the request does not say. */
  turnTokens: number
  /** Longest conversation, in tokens. */
  contextTokens: number
  /** Conversations that are continued together. */
  places: number
  /** What the keys and values of those may hold together. */
  activeBytes: number
  kept: KeptBounds
  /** Bytes of keys and values of one token. */
  bytesPerToken: number
  /** Else as an evaluation calls them. */
  memory?: MemorySettings
}

export interface TfjsPolicy extends SamplingPolicy {
  visualTokens(size: { width: number; height: number }): number
  /** `widest`: largest number of conversations that were continued in one step. */
  readonly tally: Readonly<ConversationTally & { widest: number }>
  /** Run something while no token is computed; tokens wait until it is done. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>
  /** The weights are others from now on: what was computed with them is let go of, or computed again where a turn is under way. Call it within `alone`. */
  weightsChanged(): void
  close(): Promise<void>
}

/** A model that computes in this process; what it sampled is kept as tokens. The policy owns the model's weights. */
export function createTfjsPolicy({
  model,
  name,
  sampling,
  stopIds,
  seed,
  turnTokens,
  contextTokens,
  places,
  activeBytes,
  kept: bounds,
  bytesPerToken,
  memory,
}: TfjsPolicyParameters): TfjsPolicy {
  const gate = createWeightsGate()
  const scheduler = createBatchScheduler({
    model,
    places,
    gate,
    room: { bytes: activeBytes, perToken: bytesPerToken },
    ...(memory !== undefined && { memory }),
  })
  const kept = createKeptConversations({ bounds, bytesPerToken })
  const preparer = createPromptPreparer({ model, name: model.directory, kept, stopIds, contextTokens })
  const decode = (ids: readonly number[]): string => model.tokenizer.decode(ids)

  return {
    name: 'tfjs',
    model: name,
    get tally() {
      return { ...preparer.tally, widest: scheduler.widest }
    },
    async next({ sample, turn, tools, maxTokens = turnTokens, maxCharacters = Infinity, ...request }) {
      request.signal.throwIfAborted()
      let { revision } = gate
      const isStale = (): boolean => revision !== gate.revision
      const prepared = await preparer.prepare({ ...request, sample, turn, tools })
      const { rollout, conversation, added, room } = prepared
      const prompt = [...conversation.ids]
      let done: Generation
      try {
        done = await scheduler.run({
          conversation,
          sampling,
          stopIds,
          random: uniformStream(JSON.stringify([seed, sample.key, sample.epoch, turn])),
          maxTokens: Math.min(maxTokens, room),
          isEnough: longerThan({ maxCharacters, decode }),
          signal: request.signal,
          isStale,
          renew: async () => {
            const images = conversationImages({ messages: request.messages, config: model.processor })
            conversation.restart(await Promise.all(images.map((image) => image.process())))
            revision = gate.revision
          },
        })
        const logprobs = done.tokens.map(({ logprob }) => logprob)
        rollout.ledger.addTurn({ prompt, ids: sampledIds(done), logprobs })
      } catch (error) {
        conversation.dispose()
        throw error
      }
      const reply = turnReply({ done, promptTokens: prompt.length, decode })
      rollout.turns.push({ text: reply.text, ids: sampledIds(done), before: added })
      // A rollout ends with a turn that was cut, and with one that could not ask for anything.
      if (isStale() || done.finish === 'length' || tools.length === 0) {
        conversation.dispose()
        rollout.conversation = null
      }
      kept.put(rolloutKey(sample), rollout)
      return cutReply({ reply, maxCharacters })
    },
    visualTokens: (size) => visualTokens({ ...size, config: model.processor }),
    ledgerOf: (sample) => kept.find(rolloutKey(sample))?.ledger ?? null,
    forget: (sample) => kept.forget(rolloutKey(sample)),
    alone: gate.alone,
    weightsChanged: () => {
      gate.changed()
      kept.release()
    },
    close: () => {
      scheduler.close()
      kept.clear()
      model.weights.dispose()
      return Promise.resolve()
    },
  }
}

/** Tokens are counted by what each says alone, which may be off by a few characters; the reply is cut exactly. */
function longerThan({
  maxCharacters,
  decode,
}: {
  maxCharacters: number
  decode: (ids: readonly number[]) => string
}): (token: { id: number }) => boolean {
  let written = 0
  return ({ id }) => (written += decode([id]).length) > maxCharacters
}
