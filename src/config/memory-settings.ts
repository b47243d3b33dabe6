import type { TrainingModel } from './training-schema.js'

/** How the user calls what bounds the memory of a policy: an error tells which to change. Null: there is nothing to change. */
export interface MemorySettings {
  /** Of what is computed at once. */
  readonly atOnce: readonly string[]
  /** Of the images' pixels. */
  readonly images: string | null
  readonly turnTokens: string | null
  /** That trains adapters in place of all weights. */
  readonly adapters: string | null
}

/** Of an evaluation, and whatever else has a `policy`. */
export const TFJS_MEMORY: MemorySettings = {
  atOnce: ['--concurrency', 'policy.concurrency'],
  images: '--max-pixels, agent.maxPixels',
  turnTokens: 'agent.tokensPerTurn',
  adapters: null,
}
export const TORCH_MEMORY: MemorySettings = {
  ...TFJS_MEMORY,
  atOnce: ['policy.batchTokens', ...TFJS_MEMORY.atOnce],
  adapters: 'policy.train: lora',
}

/** Of a training: one that samples is by rewards, any other is on conversations. */
export function trainingMemory({
  model,
  isSampled,
}: {
  model: TrainingModel
  isSampled: boolean
}): MemorySettings {
  const isTorch = model.kind === 'torch'
  // What a server writes is not in this engine's memory.
  const writesTurns = isSampled && !(isTorch && model.vllm !== undefined)
  return {
    atOnce: [...(isTorch ? ['model.batchTokens'] : []), ...(writesTurns ? ['training.concurrency'] : [])],
    images: isSampled ? 'agent.maxPixels' : 'maxPixels',
    turnTokens: isSampled ? 'agent.tokensPerTurn' : null,
    adapters: isTorch ? 'model.train: lora' : null,
  }
}

/** What to lower where the memory did not suffice. */
export function lowerMemory({ atOnce, images, turnTokens }: MemorySettings): string {
  const named = [
    ...(atOnce.length > 0 ? [`what is computed at once (${atOnce.join(', ')})`] : []),
    ...(images !== null ? [`the images (${images})`] : []),
    ...(turnTokens !== null ? [`the tokens of a turn (${turnTokens})`] : []),
  ]
  return `Lower ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(named)}`
}
