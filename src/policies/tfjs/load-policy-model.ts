import { basename, resolve } from 'node:path'
import type { MemorySettings } from '../../config/memory-settings.js'
import { openBackend, type BackendName } from '../../models/backend/open-backend.js'
import { checkpointFingerprint } from '../../models/checkpoint/checkpoint-fingerprint.js'
import type { ModelConfig } from '../../models/config/model-config.js'
import { readModelConfig } from '../../models/config/read-config.js'
import { packedBytes } from '../../models/decode/packed-bytes.js'
import { readGenerationConfig } from '../../models/generate/read-generation-config.js'
import { openModel } from '../../models/open-model.js'
import { requireCheckpointFolder } from '../tokens/checkpoint-folder.js'
import { stopTokens } from '../tokens/stop-tokens.js'
import { checkMemory } from './check-memory.js'
import type { TfjsPolicyParameters } from './tfjs-policy.js'
import { weightsName } from './weights-name.js'

export interface OpenTfjsPolicyParameters {
  /** Checkpoint in the Hugging Face layout. */
  directory: string
  /** Default `auto`: the fastest that is there. */
  backend?: BackendName | 'auto'
  /** Else as the checkpoint's generation_config.json says. */
  temperature?: number
  topP?: number
  topK?: number
  /** Default 0. */
  seed?: number
  /** Conversations that are continued together; default 16. */
  places?: number
  /** Conversations whose keys and values are kept between turns; default twice as many. */
  keptConversations?: number
  /** Else as an evaluation calls them. */
  memory?: MemorySettings
}

/** What a policy is made of, and where its weights come from. */
export interface PolicyModel {
  readonly parameters: TfjsPolicyParameters
  /** Name of the checkpoint's folder. */
  readonly folder: string
  /** SHA-256 over the checkpoint's files. */
  readonly fingerprint: string
  readonly backend: BackendName
}

/** Tokens of a turn where nobody says; a model that does not find an end would write on. */
const TURN_TOKENS = 4096
const PLACES = 16
/** Rollouts whose tokens are kept, for who trains on them. */
const KEPT_LEDGERS = 512

/**
 * Load a checkpoint onto a backend.
 * @throws UsageError when the folder is no checkpoint of a model that is built in, or the model does not fit into memory (before it is loaded).
 */
export async function loadPolicyModel({
  directory,
  backend = 'auto',
  temperature,
  topP,
  topK,
  seed = 0,
  places = PLACES,
  keptConversations = 2 * places,
  memory,
  trainingBytes = () => 0,
}: OpenTfjsPolicyParameters & {
  /** What training needs beside the weights. */
  trainingBytes?: (config: ModelConfig) => number
}): Promise<PolicyModel> {
  await requireCheckpointFolder({ directory, policy: 'tfjs' })
  const config = await readModelConfig(directory)
  const contextTokens = config.text.maxPositions
  const chosen = await openBackend(backend)
  const { activeBytes, keptBytes, bytesPerToken } = checkMemory({
    config,
    backend: chosen,
    directory,
    contextTokens,
    packedBytes: packedBytes(config),
    trainingBytes: trainingBytes(config),
  })
  const generation = await readGenerationConfig(directory)
  const model = await openModel(directory)
  const stopIds = stopTokens({ generation, tokenizer: model.tokenizer, directory })
  const fingerprint = await checkpointFingerprint(directory)
  const folder = basename(resolve(directory))
  return {
    folder,
    fingerprint,
    backend: chosen,
    parameters: {
      model,
      name: weightsName({ folder, base: fingerprint, steps: 0, identity: fingerprint, backend: chosen }),
      sampling: {
        temperature: temperature ?? generation.sampling.temperature,
        topP: topP ?? generation.sampling.topP,
        topK: topK ?? generation.sampling.topK,
      },
      stopIds,
      seed,
      turnTokens: TURN_TOKENS,
      contextTokens,
      places,
      activeBytes,
      kept: { conversations: keptConversations, bytes: keptBytes, ledgers: KEPT_LEDGERS },
      bytesPerToken,
      ...(memory !== undefined && { memory }),
    },
  }
}
