import { basename, resolve } from 'node:path'
import type { MemorySettings } from '../../config/memory-settings.js'
import { UsageError } from '../../core/errors.js'
import { readGenerationConfig } from '../../models/generate/read-generation-config.js'
import { readModelFiles, type ModelFiles } from '../../models/model-files.js'
import { requireCheckpointFolder } from '../tokens/checkpoint-folder.js'
import { stopTokens } from '../tokens/stop-tokens.js'
import { ENGINE_DEFAULTS, type EngineSettings } from './engine-settings.js'
import { openTorchEngine } from './open-torch-engine.js'
import { createTorchPolicy, type TorchPolicy } from './torch-policy.js'
import type { TorchPython } from './torch-python.js'
import { createTorchSampler } from './torch-sampler.js'
import type { TorchWorker } from './torch-worker.js'
import { createVllmSampler } from './vllm-sampler.js'
import type { VllmServer } from './vllm-server.js'

export interface OpenTorchPolicyParameters extends Partial<EngineSettings> {
  python: TorchPython
  /** Of the engine's process. */
  environment?: Readonly<Record<string, string>>
  /** Checkpoint in the Hugging Face layout. */
  directory: string
  /** Else as the checkpoint's generation_config.json says. */
  temperature?: number
  topP?: number
  topK?: number
  /** Default 0. */
  seed?: number
  /** A vLLM server that writes the turns, of the same checkpoint, at temperature 1 with nothing cut off; absent: the engine does. */
  vllm?: { server: VllmServer; folder: string }
  /** Conversations that are continued together; default 32. */
  places?: number
  /** Tokens, padding among them, that are trained at once, and of prompts that are read at once; default 16,384. */
  batchTokens?: number
  /** Else as an evaluation calls them. */
  memory?: MemorySettings
}

/** Tokens of a turn where nobody says; a model that does not find an end would write on. */
const TURN_TOKENS = 4096
const PLACES = 32
const BATCH_TOKENS = 16_384
/** Rollouts whose tokens are kept, for who trains on them. */
const KEPT_LEDGERS = 4096
const NAME_DIGITS = 12
/** In which a server says what it serves. */
const SERVER_MS = 60_000

/**
 * Start the engine's process, load a checkpoint there, and let it answer.
 * @throws UsageError when the folder is no checkpoint of a model that is built in, or the device is not there. @throws EngineError when the process does not start, or the model does not fit; ModelError where the vLLM server does not answer.
 */
export async function openTorchPolicy({
  python,
  environment = {},
  directory,
  temperature,
  topP,
  topK,
  seed = 0,
  vllm,
  places = PLACES,
  batchTokens = BATCH_TOKENS,
  memory,
  ...given
}: OpenTorchPolicyParameters): Promise<TorchPolicy> {
  await requireCheckpointFolder({ directory, policy: 'torch' })
  const model = await readModelFiles(directory)
  const generation = await readGenerationConfig(directory)
  const stopIds = stopTokens({ generation, tokenizer: model.tokenizer, directory })
  const settings = { ...ENGINE_DEFAULTS, ...given }
  if (vllm !== undefined && settings.train === 'none')
    throw new UsageError(
      'expected weights that are trained where a vLLM server writes the turns, got train: none',
    )
  // Before the engine is loaded, which takes minutes.
  await vllm?.server.model(AbortSignal.timeout(SERVER_MS))
  const { worker, facts, fingerprint } = await openTorchEngine({
    ...{ python, environment, directory, settings, places, seed },
    promptTokens: batchTokens,
    ...(memory !== undefined && { memory }),
  })
  try {
    await sendVocabulary({ worker, model })
    const sampling = {
      temperature: temperature ?? generation.sampling.temperature,
      topP: topP ?? generation.sampling.topP,
      topK: topK ?? generation.sampling.topK,
    }
    const { config, processor, tokenizer } = model
    const sampler =
      vllm === undefined
        ? createTorchSampler({ worker, processor, sampling, stopIds })
        : createVllmSampler({
            ...{ ...vllm, worker, stopIds, imagePad: config.tokens.imagePad },
            trains: settings.train === 'full' ? 'full' : 'lora',
            decode: (ids) => tokenizer.decode(ids),
          })
    return createTorchPolicy({
      worker,
      facts,
      model,
      // Another device or precision computes the last bits otherwise, and so may write something else.
      name: `${basename(resolve(directory))}@${fingerprint.slice(0, NAME_DIGITS)}/torch-${facts.device}-${facts.dtype}`,
      sampler,
      stopIds,
      seed,
      turnTokens: TURN_TOKENS,
      contextTokens: model.config.text.maxPositions,
      keptLedgers: KEPT_LEDGERS,
      batchTokens,
      isTrained: settings.train !== 'none',
    })
  } catch (error) {
    await worker.close()
    throw error
  }
}

/** How many characters each token says, by which a turn that grows too long is ended where it is written. */
async function sendVocabulary({
  worker,
  model: { tokenizer, config },
}: {
  worker: TorchWorker
  model: ModelFiles
}): Promise<void> {
  const { vocabularySize } = config.text
  const characters = Int32Array.from({ length: vocabularySize }, (_, id) => tokenizer.decode([id]).length)
  await worker.run({
    method: 'vocabulary',
    arguments: { barred: [config.tokens.imagePad] },
    arrays: { characters: { values: characters, shape: [vocabularySize] } },
  })
}
