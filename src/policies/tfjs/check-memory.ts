import { totalmem } from 'node:os'
import { UsageError } from '../../core/errors.js'
import { inMillions } from '../../core/in-millions.js'
import type { BackendName } from '../../models/backend/open-backend.js'
import type { ModelConfig } from '../../models/config/model-config.js'
import { memoryNeed } from '../../models/weights/memory-need.js'

/** Addresses of WebAssembly have 32 bits. */
const WASM_HEAP = 2 ** 32
/** For what is computed on the way. */
const WORKSPACE = 2 ** 28
/** More than this for keys and values makes nothing faster. */
const MOST_KEPT = 2 ** 30

export interface MemoryPlan {
  /** What the keys and values may hold of conversations that are being continued. */
  readonly activeBytes: number
  /** And of those that wait for their next turn. */
  readonly keptBytes: number
  readonly bytesPerToken: number
}

/**
 * What is left for conversations when a model is loaded. Where tokens are written by a decoder, its weights lie there a second time, in a memory of their own with the keys and values.
 * @throws UsageError, before anything is loaded, when the model cannot fit: float32 weights, one of them twice, the keys and values of one conversation, and room to compute.
 */
export function checkMemory({
  config,
  backend,
  directory,
  contextTokens,
  packedBytes,
  trainingBytes = 0,
  memoryBytes = totalmem(),
}: {
  config: ModelConfig
  backend: BackendName
  /** Names the model in errors. */
  directory: string
  /** Longest conversation. */
  contextTokens: number
  /** Of the decoder's weights; null: there is no decoder. */
  packedBytes: number | null
  /** What training holds beside the weights. */
  trainingBytes?: number
  /** Of this machine. */
  memoryBytes?: number
}): MemoryPlan {
  const { parameters, weights, largest, perToken } = memoryNeed(config)
  const conversation = perToken * Math.min(contextTokens, SHORT_CONVERSATION)
  const packed = packedBytes ?? 0
  const ofMachine = { available: memoryBytes, taken: weights + packed + trainingBytes, conversation }
  // Keys and values lie in the heap of the tensors only where there is no decoder.
  const ofHeap = {
    available: WASM_HEAP,
    taken: weights + trainingBytes,
    conversation: packedBytes === null ? conversation : 0,
  }
  const rooms = backend === 'wasm' ? [ofMachine, ofHeap] : [ofMachine]
  const needs = rooms.map((room) => ({
    available: room.available,
    need: room.taken + Math.max(largest, room.conversation) + WORKSPACE,
  }))
  const short = needs
    .filter(({ need, available }) => need > available)
    .sort((a, b) => a.available - b.available)
  const [{ need, available } = { need: 0, available: Infinity }] = short
  if (need > available)
    throw new UsageError(
      `${directory}: expected a model that fits into ${inGiB(available)} (${backend === 'wasm' && available === WASM_HEAP ? 'the heap of WebAssembly' : "this machine's memory"}), ` +
        `got one of ${inMillions(parameters)} parameters that needs ${inGiB(need)}: ${inGiB(weights)} of weights in float32, ${packed > 0 ? `${inGiB(packed)} of them packed for writing tokens, ` : ''}${trainingBytes > 0 ? `${inGiB(trainingBytes)} to train them, ` : ''}${inGiB(conversation)} for the keys and values of one conversation, ` +
        `and room to compute. Take a smaller model, or serve this one (vLLM, SGLang, llama.cpp) and use --policy openai.`,
    )
  const decoded = { available: WASM_HEAP, taken: packed }
  const holders = packedBytes === null ? rooms : [ofMachine, decoded]
  const half = Math.min(...holders.map((room) => room.available - room.taken - WORKSPACE)) / 2
  return { activeBytes: half, keptBytes: Math.min(MOST_KEPT, half), bytesPerToken: perToken }
}

/** Tokens of a question with an image and a few turns. */
const SHORT_CONVERSATION = 4096

function inGiB(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 2 : 1)} GiB`
}
