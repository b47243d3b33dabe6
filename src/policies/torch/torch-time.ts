import type { ModelConfig } from '../../models/config/model-config.js'
import type { EngineSettings } from './engine-settings.js'
import { torchMemory } from './torch-memory.js'

/** Of what a GPU can do at the most, what is taken to be reached. Assumptions: docs/gpu-speed.md has what short conversations reached on one card, which is less. */
const BANDWIDTH_SHARE = 0.5
const FLOPS_SHARE = 0.4
/** What PyTorch takes to start the operations of one layer for one more token, in seconds: no graph is captured. An assumption, too. */
const LAUNCH_SECONDS = 0.001
/** Operations of a forward pass, for each parameter and token. */
const FORWARD = 2
/** Passes over what was written: log-probabilities of the old policy and of the reference, then forward, again for checkpointing, and back; for all weights, their gradients too. */
const PASSES = { none: 0, lora: 5, full: 6 }

/** What is done in one step of GRPO; tokens are means. */
export interface StepWork {
  readonly rollouts: number
  /** Conversations that are continued together. */
  readonly concurrency: number
  /** Of a rollout. Each turn reads the whole conversation again. */
  readonly turns: number
  /** Tokens of a conversation that it is given, images among them. */
  readonly given: number
  /** Tokens that it writes. */
  readonly written: number
}

/** Seconds of one step of GRPO on the torch engine. */
export interface TorchTime {
  /** Reading prompts and writing, until the last rollout ends; sandbox and judge are not in it. */
  readonly rollouts: number
  /** Log-probabilities and updates. */
  readonly training: number
  readonly step: number
}

/**
 * How long a step takes, estimated. Writing one token reads all weights once, and the keys and values of every conversation that is written together with it; what is read and trained is told by its
 * operations.
 * @param parameters.gpu what its data sheet says: bytes and operations (bfloat16, dense) a second
 */
export function torchTime({
  config,
  train,
  rank,
  work: { rollouts, concurrency, turns, given, written },
  gpu,
}: {
  config: ModelConfig
  train: EngineSettings['train']
  rank: number
  work: StepWork
  gpu: { bytesPerSecond: number; flops: number }
}): TorchTime {
  const { parameters, weights, perToken } = torchMemory({ config, train, rank, tokens: 0 })
  const conversation = given + written
  const bytes = weights + concurrency * perToken * conversation
  const perWritten = config.text.layers * LAUNCH_SECONDS + bytes / (gpu.bytesPerSecond * BANDWIDTH_SHARE)
  const computing = (passes: number, tokens: number): number =>
    (passes * FORWARD * parameters * tokens) / (gpu.flops * FLOPS_SHARE)
  const writing = ((rollouts * written) / concurrency) * perWritten
  const reading = computing(1, rollouts * turns * conversation)
  const training = computing(PASSES[train], rollouts * conversation)
  return { rollouts: writing + reading, training, step: writing + reading + training }
}
