import { basename, resolve } from 'node:path'
import { stat } from 'node:fs/promises'
import { UsageError } from '../../core/errors.js'
import { openBackend, type BackendName } from '../../models/backend/open-backend.js'
import { checkpointFingerprint } from '../../models/checkpoint/checkpoint-fingerprint.js'
import { readModelConfig } from '../../models/config/read-config.js'
import { packedBytes } from '../../models/decode/packed-bytes.js'
import { readGenerationConfig } from '../../models/generate/read-generation-config.js'
import { openModel } from '../../models/open-model.js'
import { checkMemory } from './check-memory.js'
import { createTfjsPolicy, type TfjsPolicy } from './tfjs-policy.js'

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
}

/** Tokens of a turn where nobody says; a model that does not find an end would write on. */
const TURN_TOKENS = 4096
const PLACES = 16
/** Rollouts whose tokens are kept, for who trains on them. */
const KEPT_LEDGERS = 512
/** Ends a turn in the conversations of these models, whatever a checkpoint's files say. */
const TURN_END = '<|im_end|>'
const NAME_DIGITS = 12

/**
 * Load a checkpoint onto a backend, and let it answer.
 * @throws UsageError when the folder is no checkpoint of a model that is built in, or the model does not fit into memory (before it is loaded).
 */
export async function openTfjsPolicy({
  directory,
  backend = 'auto',
  temperature,
  topP,
  topK,
  seed = 0,
  places = PLACES,
  keptConversations = 2 * places,
}: OpenTfjsPolicyParameters): Promise<TfjsPolicy> {
  const found = await stat(directory).catch(() => null)
  if (found?.isDirectory() !== true)
    throw new UsageError(
      `${directory}: expected the folder of a checkpoint (config.json, *.safetensors, tokenizer.json …), got ${found === null ? 'nothing of that name' : 'a file'}. --policy tfjs takes a folder as --model.`,
    )
  const config = await readModelConfig(directory)
  const contextTokens = config.text.maxPositions
  const chosen = await openBackend(backend)
  const { activeBytes, keptBytes, bytesPerToken } = checkMemory({
    config,
    backend: chosen,
    directory,
    contextTokens,
    packedBytes: packedBytes(config),
  })
  const generation = await readGenerationConfig(directory)
  const model = await openModel(directory)
  const turnEnd = model.tokenizer.idOf(TURN_END)
  const stopIds = new Set([...generation.stopIds, ...(turnEnd === undefined ? [] : [turnEnd])])
  if (stopIds.size === 0)
    throw new UsageError(
      `${directory}: expected a token that ends a turn (eos_token_id in generation_config.json, or ${TURN_END} in the vocabulary), got none`,
    )
  const fingerprint = await checkpointFingerprint(directory)
  return createTfjsPolicy({
    model,
    // Another backend computes the last bits otherwise, and so may write something else.
    name: `${basename(resolve(directory))}@${fingerprint.slice(0, NAME_DIGITS)}/${chosen}`,
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
  })
}
