import { createHash } from 'node:crypto'
import { ModelError, TrainingError } from '../../core/errors.js'
import type { Message } from '../../core/message.js'
import { unlessAborted } from '../../core/unless-aborted.js'
import type { Generation } from '../../models/generate/generate.js'
import type { TurnSampler } from './turn-sampler.js'
import type { VllmTokens } from './vllm-server.js'
import { createVllmWeights, type VllmWeightsParameters } from './vllm-weights.js'

export interface VllmSamplerParameters extends VllmWeightsParameters {
  imagePad: number
  stopIds: ReadonlySet<number>
  /** Characters that tokens say. */
  decode: (ids: readonly number[]) => string
}

/**
 * Turns are written by a vLLM server, token by token what the engine would have been given: the prompt is sent as tokens, and the server says how it read it. Before a turn the server has the weights of the
 * last step. At temperature 1 and with nothing cut off, since vLLM tells the log-probabilities of that.
 */
export function createVllmSampler({
  imagePad,
  stopIds,
  decode,
  ...parameters
}: VllmSamplerParameters): TurnSampler {
  const { server } = parameters
  const weights = createVllmWeights(parameters)
  return {
    isElsewhere: true,
    get version() {
      return weights.version
    },
    get losses() {
      return weights.losses
    },
    async sample({ conversation, messages, seed, maxTokens, maxCharacters, signal }) {
      const { ids } = conversation
      const images = await urlsOf(messages)
      const handed = await unlessAborted(weights.newest(), signal)
      const room = handed.maxTokens - ids.length
      if (room < 1) throw noRoom({ length: ids.length, most: handed.maxTokens })
      const turn = {
        ...{ model: handed.model, ids: onePadAnImage({ ids, imagePad }), images, signal },
        cacheSalt: handed.name,
        sampling: {
          ...{ temperature: 1, top_p: 1, top_k: 0, min_p: 0, seed: seedOf(seed) },
          ...{ repetition_penalty: 1, presence_penalty: 0, frequency_penalty: 0 },
          ...{ stop_token_ids: [...stopIds], logprobs: 0, detokenize: false },
          max_tokens: Math.min(maxTokens, room),
          logit_bias: { [imagePad]: -100 },
        },
      }
      const written = await weights.use(handed, () => server.generate(turn))
      conversation.take()
      expectSamePrompt({ sent: ids, read: written.promptIds })
      return cutAt({ written, maxCharacters, stopIds, decode })
    },
    weightsChanged: () => weights.changed(),
    close: () => weights.close(),
  }
}

/** vLLM takes seeds of 64 bits with a sign; JSON numbers hold 53. */
const SEED_BITS = 48

function noRoom({ length, most }: { length: number; most: number }): ModelError {
  return new ModelError(
    `The conversation is ${length} tokens long, and the vLLM server takes ${most} (--max-model-len).`,
    { isContextFull: true },
  )
}

/** The pads of an image stand as one; the server repeats it. */
export function onePadAnImage({ ids, imagePad }: { ids: readonly number[]; imagePad: number }): number[] {
  return ids.filter((id, at) => id !== imagePad || ids[at - 1] !== imagePad)
}

function expectSamePrompt({ sent, read }: { sent: readonly number[]; read: readonly number[] }): void {
  if (sent.length === read.length && sent.every((id, at) => id === read[at])) return
  const at = sent.findIndex((id, place) => id !== read[place])
  throw new TrainingError(
    `The vLLM server read another prompt than was sent: ${read.length} tokens, expected ${sent.length}; they part at ${at < 0 ? sent.length : at}. Expected it to serve the checkpoint that is trained, with the same preprocessor_config.json.`,
  )
}

/** Written until it ends, or has that many characters, as the engine itself writes. */
function cutAt({
  written: { tokens, finish },
  maxCharacters,
  stopIds,
  decode,
}: {
  written: VllmTokens
  maxCharacters: number
  stopIds: ReadonlySet<number>
  decode: (ids: readonly number[]) => string
}): Generation {
  let characters = 0
  for (const [at, { id }] of tokens.entries()) {
    characters += decode([id]).length
    if (stopIds.has(id)) return { tokens: tokens.slice(0, at + 1), finish: 'stop' }
    if (characters > maxCharacters) return { tokens: tokens.slice(0, at + 1), finish: 'length' }
  }
  if (finish === 'stop')
    throw new TrainingError(
      `The vLLM server ended a turn without one of the tokens that end it (${[...stopIds].join(', ')}); expected it to give back that token, and to serve the checkpoint that is trained.`,
    )
  return { tokens: [...tokens], finish }
}

async function urlsOf(messages: readonly Message[]): Promise<string[]> {
  const images = messages.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === 'image' ? [part.image] : [])),
  )
  return Promise.all(
    images.map(async (image) => `data:${image.mediaType};base64,${(await image.read()).toString('base64')}`),
  )
}

function seedOf(text: string): number {
  return createHash('sha256')
    .update(text)
    .digest()
    .readUIntBE(0, SEED_BITS / 8)
}
