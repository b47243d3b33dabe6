import type { FrozenPolicy, SampledLogprobs, TrainablePolicy } from '../../core/trainable-policy.js'
import type { BatchAggregation } from '../../core/training-choices.js'
import { batchWeights } from '../losses/batch-weights.js'
import { sampledEntropy } from '../losses/entropy.js'
import type { Figures } from '../metrics/step-metrics.js'
import { mean } from '../../core/mean.js'
import type { GroupFate, LearnedRollout } from '../rollouts/learn-from.js'
import { skippedUpdates } from './skipped-updates.js'
import { emptyTally, grpoGradient, type GradedRollout, type GrpoLossSettings } from './grpo-gradient.js'

export interface GrpoUpdateSettings extends GrpoLossSettings {
  /** Prompts of a mini-batch: one update of the weights each. */
  miniBatch: number
  /** How often the mini-batches of a step are gone through. */
  updateRounds: number
  aggregation: BatchAggregation
  /** Rollouts of a micro-batch, for `micro-batch-token-mean`. */
  microBatch: number
  /** Tokens that a response may have, for `seq-mean-token-sum-norm`; absent: those of the longest. */
  width?: number | undefined
  /** The log-probabilities that the ratio is measured from: computed anew before the first update, or those of the ledger. */
  oldLogprobs: 'recomputed' | 'ledger'
  temperature: number
  maxGradientNorm: number
}

/**
 * Learn from the rollouts of a step, mini-batch by mini-batch, and measure what it did. A mini-batch whose advantages are all 0 moves nothing: what would be left is the divergence, and AdamW makes a
 * full step of its rounding too. Such updates are counted by cause (`updatesSkipped`), and so are those of mini-batches of which no rollout is learned from.
 * @param parameters.fates of all prompts of the step
 * @param parameters.reference weights that the divergence is measured from; null: no divergence
 */
export async function grpoUpdate({
  policy,
  reference,
  rollouts,
  fates,
  settings,
  learningRate,
  signal,
  onUpdate = () => undefined,
}: {
  policy: TrainablePolicy
  reference: FrozenPolicy | null
  rollouts: readonly LearnedRollout[]
  fates: readonly GroupFate[]
  settings: GrpoUpdateSettings
  learningRate: number
  signal: AbortSignal
  onUpdate?: (done: number, of: number) => void
}): Promise<Figures> {
  const { temperature, maxGradientNorm, updateRounds } = settings
  const sampled = rollouts.map((rollout) => rollout.sampled)
  const all = splitByPrompt({ rollouts, fates, prompts: settings.miniBatch })
  const isLearned = ({ places }: MiniBatch): boolean =>
    places.some((place) => rollouts[place]?.advantage !== 0)
  const miniBatches = all.filter(isLearned).map(({ places }) => places)
  const skipped = skippedUpdates({
    miniBatches: all.filter((batch) => !isLearned(batch)).map((batch) => batch.fates),
    rounds: updateRounds,
  })
  if (miniBatches.length === 0)
    return {
      updates: 0,
      ...skipped,
      // The ledger knows how sure the policy was; nobody is asked again.
      ...(sampled.length > 0 && { entropy: sampledEntropy(sampled) }),
    }
  const asked = { rollouts: rollouts.map(({ training }) => training), temperature, signal }
  const started = performance.now()
  const old = settings.oldLogprobs === 'recomputed' ? await policy.logprobs(asked) : sampled
  const referred = reference === null ? null : await reference.logprobs(asked)
  const logprobsSeconds = (performance.now() - started) / 1000

  const tally = emptyTally()
  const norms: number[] = []
  const total = miniBatches.length * updateRounds
  for (let round = 0; round < updateRounds; round++)
    for (const places of miniBatches) {
      signal.throwIfAborted()
      const batch = gradedBatch({ places, rollouts, old, referred, settings })
      const { gradientNorm } = await policy.step({
        rollouts: places.flatMap((place) => rollouts[place]?.training ?? []),
        temperature,
        gradient: grpoGradient({ batch, settings, tally }),
        learningRate,
        maxGradientNorm,
        signal,
      })
      norms.push(gradientNorm)
      onUpdate(norms.length, total)
    }
  const { tokens } = tally
  return {
    updates: norms.length,
    ...skipped,
    gradientNorm: mean(norms),
    entropy: sampledEntropy(old),
    'loss/policy': tally.policyLoss / total,
    'loss/total': (tally.policyLoss + settings.klCoefficient * tally.klLoss) / total,
    ...(referred !== null && { kl: tally.kl / tokens, 'loss/kl': tally.klLoss / total }),
    policyDistance: tally.distance / tokens,
    clipFraction: tally.clipped / tokens,
    dualClipFraction: tally.dualClipped / tokens,
    ...(settings.oldLogprobs === 'recomputed' && { samplerDrift: meanDistance(old, sampled) }),
    'seconds/logprobs': logprobsSeconds,
  }
}

function gradedBatch({
  places,
  rollouts,
  old,
  referred,
  settings,
}: {
  places: readonly number[]
  rollouts: readonly LearnedRollout[]
  old: SampledLogprobs
  referred: SampledLogprobs | null
  settings: GrpoUpdateSettings
}): GradedRollout[] {
  const { aggregation: mode, microBatch, width } = settings
  const lengths = places.map((place) => rollouts[place]?.sampled.length ?? 0)
  const weights = batchWeights({ lengths, mode, microBatch, ...(width !== undefined && { width }) })
  return places.map((place, index) => {
    const rollout = rollouts[place]
    const before = old[place]
    const under = referred === null ? null : referred[place]
    const weight = weights[index]
    if (rollout === undefined || before === undefined || under === undefined || weight === undefined)
      throw new RangeError(`expected log-probabilities of rollout ${place}, got none`)
    const { advantage, sampled } = rollout
    return { advantage, weight, old: before, sampled, reference: under }
  })
}

interface MiniBatch {
  /** Of the rollouts that are learned from. */
  places: number[]
  fates: readonly GroupFate[]
}

/** The mini-batches of all prompts; the rollouts of a prompt stay together. */
function splitByPrompt({
  rollouts,
  fates,
  prompts,
}: {
  rollouts: readonly LearnedRollout[]
  fates: readonly GroupFate[]
  prompts: number
}): MiniBatch[] {
  const batches = Array.from({ length: Math.ceil(fates.length / prompts) }, (_, at): MiniBatch => ({
    places: [],
    fates: fates.slice(at * prompts, (at + 1) * prompts),
  }))
  rollouts.forEach(({ prompt }, place) => batches[Math.floor(prompt / prompts)]?.places.push(place))
  return batches
}

/** How far what the engine computes for a token is from what it sampled it with, on average. */
function meanDistance(a: SampledLogprobs, b: SampledLogprobs): number {
  return mean(
    a.flatMap((row, place) => Array.from(row, (value, at) => Math.abs(value - (b[place]?.[at] ?? NaN)))),
  )
}
