import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { makeFolder } from '../../config/make-folder.js'
import { ModelError } from '../../core/errors.js'
import type { Message } from '../../core/message.js'
import { unlessAborted } from '../../core/unless-aborted.js'
import type { Generation } from '../../models/generate/generate.js'
import { ownPrefix, removeAbandonedDirectories } from '../../sandbox/abandoned-directories.js'
import type { TorchWorker } from './torch-worker.js'
import type { TurnSampler } from './turn-sampler.js'
import type { VllmServer, VllmTokens } from './vllm-server.js'

export interface VllmSamplerParameters {
  server: VllmServer
  /** Of the engine, which writes the weights out. */
  worker: TorchWorker
  /** Adapters alone change, or all weights. */
  trains: 'lora' | 'full'
  /** Where weights are handed over; the server reads it under the same path. */
  folder: string
  imagePad: number
  stopIds: ReadonlySet<number>
  /** Characters that tokens say. */
  decode: (ids: readonly number[]) => string
}

/** Weights that the server has. */
interface Published {
  version: number
  directory: string
  /** By which they are asked for. */
  model: string
}

/**
 * Turns are written by a vLLM server, token by token what the engine would have been given: the prompt is sent as tokens, and the server says how it read it. Before a turn the server has the weights of the
 * last step. At temperature 1 and with nothing cut off, since vLLM tells the log-probabilities of that.
 */
export function createVllmSampler({
  server,
  worker,
  trains,
  folder,
  imagePad,
  stopIds,
  decode,
}: VllmSamplerParameters): TurnSampler {
  /** How often the weights have changed. */
  let version = 0
  let publishing: Promise<void> | null = null
  let published: Published | null = null
  let base: string | null = null
  /** A folder of this policy alone, in which weights lie while the server may read them. */
  let own: string | null = null

  async function publish(next: number): Promise<void> {
    base ??= await server.modelName(AbortSignal.timeout(BASE_MS))
    own ??= await ownFolder(resolve(folder))
    const directory = join(own, String(next))
    try {
      await worker.run({ method: 'publish', arguments: { directory } })
      if (trains === 'full') await server.reloadWeights(directory)
      else await server.loadAdapters({ name: nameOf(next), folder: directory })
    } catch (error) {
      await rm(directory, { recursive: true, force: true })
      throw error
    }
    const before = published
    published = { version: next, directory, model: trains === 'full' ? base : nameOf(next) }
    if (trains === 'full') await rm(directory, { recursive: true, force: true })
    else if (before !== null) await withdraw(before)
  }

  async function withdraw({ model, directory }: Published): Promise<void> {
    await server.unloadAdapters(model)
    await rm(directory, { recursive: true, force: true })
  }

  /** The newest weights, which the server has then; asked for by many, they are handed over once. */
  async function newest(): Promise<Published> {
    for (;;) {
      if (published?.version === version) return published
      publishing ??= publish(version).finally(() => (publishing = null))
      await publishing
    }
  }

  /** Of weights, on a server that may know others of the same training: of a process before this one. */
  const nameOf = (number: number): string => `codevision-${id}-${number}`
  const id = randomUUID().slice(0, 8)

  return {
    isElsewhere: true,
    get version() {
      return version
    },
    async sample({ conversation, messages, seed, maxTokens, maxCharacters, signal }) {
      const { ids } = conversation
      const { model, version: used } = await unlessAborted(newest(), signal)
      const written = await server.generate({
        ...{ model, ids: onePadAnImage({ ids, imagePad }), images: await urlsOf(messages), signal },
        cacheSalt: nameOf(used),
        sampling: {
          ...{ temperature: 1, top_p: 1, top_k: 0, min_p: 0, max_tokens: maxTokens, seed: seedOf(seed) },
          ...{ repetition_penalty: 1, presence_penalty: 0, frequency_penalty: 0 },
          ...{ stop_token_ids: [...stopIds], logprobs: 0, detokenize: false },
          logit_bias: { [imagePad]: -100 },
        },
      })
      conversation.take()
      expectSamePrompt({ sent: ids, read: written.promptIds })
      return cutAt({ written, maxCharacters, stopIds, decode })
    },
    weightsChanged() {
      version += 1
    },
    async close() {
      await publishing?.catch(() => undefined)
      if (trains === 'lora' && published !== null) await withdraw(published).catch(() => undefined)
      if (own !== null) await rm(own, { recursive: true, force: true })
    },
  }
}

/** A new one beside those of others on this machine; what was killed there has left gigabytes behind. */
async function ownFolder(folder: string): Promise<string> {
  const ofMachine = join(folder, `codevision-weights-${hostname()}`)
  await makeFolder(ofMachine, 'model.vllm.folder')
  await removeAbandonedDirectories(ofMachine)
  return mkdtemp(join(ofMachine, ownPrefix()))
}

const BASE_MS = 60_000
/** vLLM takes seeds of 64 bits with a sign; JSON numbers hold 53. */
const SEED_BITS = 48

/** The pads of an image stand as one; the server repeats it. */
export function onePadAnImage({ ids, imagePad }: { ids: readonly number[]; imagePad: number }): number[] {
  return ids.filter((id, at) => id !== imagePad || ids[at - 1] !== imagePad)
}

function expectSamePrompt({ sent, read }: { sent: readonly number[]; read: readonly number[] }): void {
  if (sent.length === read.length && sent.every((id, at) => id === read[at])) return
  const at = sent.findIndex((id, place) => id !== read[place])
  throw new ModelError(
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
    throw new ModelError(
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
