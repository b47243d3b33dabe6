import { totalmem } from 'node:os'
import { UsageError } from '../../core/errors.js'
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
 * What is left for conversations when a model is loaded.
 * @throws UsageError, before anything is loaded, when the model cannot fit: float32 weights, one of them twice, the keys and values of one conversation, and room to compute.
 */
export function checkMemory({
  config,
  backend,
  directory,
  contextTokens,
  trainingBytes = 0,
  memoryBytes = totalmem(),
}: {
  config: ModelConfig
  backend: BackendName
  /** Names the model in errors. */
  directory: string
  /** Longest conversation. */
  contextTokens: number
  /** What training holds beside the weights. */
  trainingBytes?: number
  /** Of this machine. */
  memoryBytes?: number
}): MemoryPlan {
  const { parameters, weights, largest, perToken } = memoryNeed(config)
  const available = backend === 'wasm' ? Math.min(WASM_HEAP, memoryBytes) : memoryBytes
  const conversation = perToken * Math.min(contextTokens, SHORT_CONVERSATION)
  const need = weights + trainingBytes + Math.max(largest, conversation) + WORKSPACE
  if (need > available)
    throw new UsageError(
      `${directory}: expected a model that fits into ${inGiB(available)} (${backend === 'wasm' && available === WASM_HEAP ? 'the heap of WebAssembly' : "this machine's memory"}), ` +
        `got one of ${inMillions(parameters)} parameters that needs ${inGiB(need)}: ${inGiB(weights)} of weights in float32, ${trainingBytes > 0 ? `${inGiB(trainingBytes)} to train them, ` : ''}${inGiB(conversation)} for the keys and values of one conversation, ` +
        `and room to compute. Take a smaller model, or serve this one (vLLM, SGLang, llama.cpp) and use --policy openai.`,
    )
  const half = (available - weights - trainingBytes - WORKSPACE) / 2
  return { activeBytes: half, keptBytes: Math.min(MOST_KEPT, half), bytesPerToken: perToken }
}

/** Tokens of a question with an image and a few turns. */
const SHORT_CONVERSATION = 4096

function inGiB(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 2 : 1)} GiB`
}

function inMillions(count: number): string {
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} million` : `${(count / 1e9).toFixed(1)} billion`
}
