import { closeAfter } from '../../core/close-after.js'
import { cutReply } from '../../core/cut-reply.js'
import type { Message } from '../../core/message.js'
import type { TokenLedger } from '../../core/token-ledger.js'
import type { TrainablePolicy } from '../../core/trainable-policy.js'
import type { Generation } from '../../models/generate/generate.js'
import type { ModelFiles } from '../../models/model-files.js'
import { visualTokens } from '../../models/processor/visual-tokens.js'
import { createConversationEncoder } from '../tokens/encode-conversation.js'
import { createKeptConversations } from '../tokens/kept-conversations.js'
import { createPromptPreparer } from '../tokens/prepare-prompts.js'
import { rolloutKey } from '../tokens/rollout-key.js'
import { sampledIds, turnReply } from '../tokens/turn-reply.js'
import type { EngineFacts } from './engine-facts.js'
import { engineUsage, type EngineUsage } from './engine-usage.js'
import { expectOwnWeights } from './expect-own-weights.js'
import { loadCheckpoint, saveCheckpoint } from './keep-checkpoint.js'
import { createTorchTrainer, type StepTimings } from './torch-trainer.js'
import type { TorchWorker } from './torch-worker.js'
import type { TurnSampler } from './turn-sampler.js'

export interface TorchPolicyParameters {
  /** Holds the weights; the policy owns it. */
  worker: TorchWorker
  facts: EngineFacts
  model: ModelFiles
  /** Identifies the weights. */
  name: string
  /** Writes turns; the policy owns it. */
  sampler: TurnSampler
  /** Tokens that end a turn. */
  stopIds: ReadonlySet<number>
  /** The run's; each sample, epoch and turn draws its own numbers from it. */
  seed: number
  /** Tokens of a turn where the request does not say. */
  turnTokens: number
  /** Longest conversation, in tokens. */
  contextTokens: number
  /** Rollouts whose tokens are kept. */
  keptLedgers: number
  /** Tokens, padding among them, that a part of a step holds at most. */
  batchTokens: number
  isTrained: boolean
}

export interface TorchPolicy extends TrainablePolicy {
  readonly facts: EngineFacts
  /** Seconds of all steps: those in which the engine computed, and those from the call to its end. */
  readonly timings: Readonly<StepTimings>
  /** What the engine has computed so far. */
  usage(): Promise<EngineUsage>
  close(): Promise<void>
}

/** A model that PyTorch computes in a process of its own. Tensors stay there; what was sampled is kept here as tokens, and is what is trained. */
export function createTorchPolicy({
  worker,
  facts,
  model,
  name,
  sampler,
  stopIds,
  seed,
  turnTokens,
  contextTokens,
  keptLedgers,
  batchTokens,
  isTrained,
}: TorchPolicyParameters): TorchPolicy {
  // Keys and values are not kept between turns: the prompt is computed again, from the same tokens.
  const kept = createKeptConversations({
    bounds: { conversations: 0, bytes: 0, ledgers: keptLedgers },
    bytesPerToken: 0,
  })
  const preparer = createPromptPreparer({ model, name, kept, stopIds, contextTokens })
  const encode = createConversationEncoder({ model, stopIds, contextTokens })
  const { config, processor } = model
  const trainer = createTorchTrainer({ worker, config, processor, batchTokens, isTrained })
  const decode = (ids: readonly number[]): string => model.tokenizer.decode(ids)
  /** Of the first turn of a server, which all others wait for. */
  let trust: { losses: number; checked: Promise<void> } | null = null

  /** Whoever writes the turns has the weights that are trained: told by one turn, and again where it may be another one. */
  async function trusted({
    ledger,
    messages,
    version,
  }: {
    ledger: TokenLedger
    messages: readonly Message[]
    /** Of the weights with which the turn began. */
    version: number
  }): Promise<void> {
    const { losses } = sampler
    if (trust?.losses !== losses) {
      const own = trainer.logprobs({ rollouts: [{ ledger, images: imagesOf(messages) }] })
      const checked = own.then((logprobs) => {
        // Meanwhile these are others: the next turn tells.
        if (version !== sampler.version) trust = null
        else expectOwnWeights({ segments: ledger.segments, own: logprobs })
      })
      trust = { losses, checked }
    }
    await trust.checked
  }

  return {
    name: 'torch',
    model: name,
    facts,
    timings: trainer.timings,
    visualTokens: (size) => visualTokens({ ...size, config: processor }),
    async next({ sample, turn, tools, maxTokens = turnTokens, maxCharacters = Infinity, ...request }) {
      request.signal.throwIfAborted()
      const prepared = await preparer.prepare({ ...request, sample, turn, tools })
      const { rollout, conversation, added, room } = prepared
      const { version } = sampler
      const prompt = [...conversation.ids]
      const done: Generation = await sampler.sample({
        conversation,
        messages: request.messages,
        seed: JSON.stringify([seed, sample.key, sample.epoch, turn]),
        maxTokens: Math.min(maxTokens, room),
        maxCharacters,
        signal: request.signal,
      })
      const ids = sampledIds(done)
      rollout.ledger.addTurn({ prompt, ids, logprobs: done.tokens.map(({ logprob }) => logprob) })
      const reply = turnReply({ done, promptTokens: prompt.length, decode })
      rollout.turns.push({ text: reply.text, ids, before: added })
      rollout.conversation = null
      kept.put(rolloutKey(sample), rollout)
      if (sampler.isElsewhere) await trusted({ ledger: rollout.ledger, messages: request.messages, version })
      return cutReply({ reply, maxCharacters })
    },
    ledgerOf: (sample) => kept.find(rolloutKey(sample))?.ledger ?? null,
    forget: (sample) => kept.forget(rolloutKey(sample)),
    encode: async (conversation) => encode(conversation),
    logprobs: (request) => trainer.logprobs(request),
    reference: () => trainer.reference(),
    step: async (request) => {
      const done = await trainer.step(request)
      sampler.weightsChanged()
      return done
    },
    save: (directory) => saveCheckpoint({ worker, directory, from: model.directory }),
    load: (directory) =>
      trainer.betweenSteps(async () => {
        await loadCheckpoint({ worker, directory, into: model.directory })
        sampler.weightsChanged()
      }),
    usage: async () => engineUsage.parse((await worker.run({ method: 'usage' })).result),
    close: async () => {
      await closeAfter({ work: () => sampler.close(), close: [() => worker.close()] })
    },
  }
}

/** Image files of a conversation by SHA-256. */
function imagesOf(messages: readonly Message[]): Map<string, () => Promise<Buffer>> {
  const parts = messages.flatMap(({ content }) => content)
  const images = parts.flatMap((part) => (part.type === 'image' ? [part.image] : []))
  return new Map(images.map((image) => [image.sha256, () => image.read()]))
}
