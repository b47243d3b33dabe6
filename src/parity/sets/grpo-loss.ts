import { z } from 'zod'
import { AGGREGATIONS, KL_PENALTIES } from '../../core/training-choices.js'
import { aggregate, aggregationWeights, maskedMean } from '../../training/losses/aggregation.js'
import { groupAdvantages } from '../../training/losses/group-advantages.js'
import { klPenalty } from '../../training/losses/kl-penalty.js'
import { policyLoss, type PolicyLoss } from '../../training/losses/policy-loss.js'
import { at, mapRows, type TokenRows } from '../../training/losses/token-rows.js'
import type { ParitySet } from '../parity-set.js'
import { isCloseTo } from './close-floats.js'

const number = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform((word) => Number(word)),
])
const rows = z.array(z.array(number))
const input = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('grpo_advantage'),
    token_level_rewards: rows,
    response_mask: rows,
    index: z.array(z.union([z.string(), z.number()])),
    epsilon: number,
    norm_adv_by_std_in_grpo: z.boolean(),
  }),
  z.object({
    kind: z.literal('policy_loss'),
    old_log_prob: rows,
    log_prob: rows,
    advantages: rows,
    response_mask: rows,
    cliprange: number.nullable(),
    cliprange_low: number.nullable(),
    cliprange_high: number.nullable(),
    clip_ratio_c: number,
    loss_agg_mode: z.string(),
    rollout_log_probs: rows.nullish(),
    tis_imp_ratio_cap: number.nullish(),
  }),
  z.object({ kind: z.literal('kl_penalty'), logprob: rows, ref_logprob: rows, kl_penalty: z.string() }),
  z.object({ kind: z.literal('agg_loss'), loss_mat: rows, loss_mask: rows, loss_agg_mode: z.string() }),
])
type Input = z.output<typeof input>
type Of<Kind extends Input['kind']> = Extract<Input, { kind: Kind }>

const mode = z.enum(AGGREGATIONS)
const kind = z.enum(KL_PENALTIES)
const outcomes = z.object({ float32: z.unknown(), float64: z.unknown() })
/** Cases in which single precision shows its own rounding, so that only double precision is compared. */
const ROUNDED = /-(adv-f32quirk|agg-cancel|pg-kink)-/

/** Losses, their derivatives and advantages of the released trainer: to 1e-9 of what it answers in double precision, and to about 1e-5 of what it answers in single. */
export const grpoLoss: ParitySet = {
  name: 'grpo_loss',
  async *run(cases) {
    for (const { id, input: given, expected } of cases) {
      const { float32, float64 } = outcomes.parse(expected)
      const got = answer(input.parse(given))
      const exact = isCloseTo({ got, expected: float64, relative: 1e-9, absolute: 1e-12 })
      const single = ROUNDED.test(id) || isCloseTo({ got, expected: float32, relative: 1e-5, absolute: 1e-6 })
      yield { id, expected, got, pass: exact && single }
    }
  },
}

function answer(given: Input): unknown {
  switch (given.kind) {
    case 'grpo_advantage':
      return answerAdvantages(given)
    case 'policy_loss':
      return answerPolicyLoss(given)
    case 'kl_penalty':
      return answerPenalty(given)
    case 'agg_loss': {
      const known = mode.safeParse(given.loss_agg_mode)
      if (!known.success) return { error: 'ValueError' }
      return { loss: aggregate({ values: given.loss_mat, mask: given.loss_mask, mode: known.data }) }
    }
  }
}

function answerAdvantages(given: Of<'grpo_advantage'>): unknown {
  const { token_level_rewards: rewards, response_mask: mask, index, epsilon } = given
  const advantages = groupAdvantages({
    rewards: rewards.map((row) => row.reduce((sum, value) => sum + value, 0)),
    groups: index,
    epsilon,
    isNormalised: given.norm_adv_by_std_in_grpo,
  })
  return { advantages: mapRows(mask, (weight, row) => (advantages[row] ?? Number.NaN) * weight) }
}

function answerPolicyLoss(given: Of<'policy_loss'>): unknown {
  const { log_prob: logprobs, old_log_prob: old, advantages, response_mask: mask } = given
  const { cliprange, cliprange_low: low, cliprange_high: high } = given
  const { clip_ratio_c: dualClip, rollout_log_probs: sampled, tis_imp_ratio_cap: cap } = given
  const [clipLow, clipHigh] = [low ?? cliprange, high ?? cliprange]
  if (dualClip <= 1) return { error: 'AssertionError' }
  if (clipLow === null || clipHigh === null) return { error: 'TypeError' }
  const known = mode.safeParse(given.loss_agg_mode)
  if (!known.success) return { error: 'ValueError' }
  const isWeighted = typeof cap === 'number' && cap > 0 && sampled != null
  const bounds = { clipLow, clipHigh, dualClip, ...(isWeighted && { importanceCap: cap }) }
  const weights = aggregationWeights({ mask, mode: known.data })
  const losses = logprobs.map((values, row) =>
    values.map((logprob, column) =>
      policyLoss({
        token: {
          logprob,
          old: at(old, row, column),
          advantage: at(advantages, row, column),
          ...(isWeighted && { sampled: at(sampled, row, column) }),
        },
        bounds,
        weight: at(weights, row, column),
      }),
    ),
  )
  const figures = (read: (loss: PolicyLoss) => number): TokenRows =>
    losses.map((row) => row.map((loss) => read(loss)))
  // The reference counts what is clipped in single precision.
  const share = (read: (loss: PolicyLoss) => boolean): number =>
    Math.fround(maskedMean({ values: figures((loss) => (read(loss) ? 1 : 0)), mask }))
  return {
    pg_loss: aggregate({ values: figures(({ value }) => value), mask, mode: known.data }),
    pg_clipfrac: share(({ isClipped }) => isClipped),
    ppo_kl: maskedMean({ values: figures(({ distance }) => distance), mask }),
    pg_clipfrac_lower: share(({ isDualClipped }) => isDualClipped),
    grad_log_prob: figures(({ derivative }) => derivative),
  }
}

function answerPenalty({ logprob, ref_logprob: reference, kl_penalty: name }: Of<'kl_penalty'>): unknown {
  const known = kind.safeParse(name)
  if (!known.success) return { error: 'NotImplementedError' }
  const penalties = logprob.map((values, row) =>
    values.map((value, column) =>
      klPenalty({ logprob: value, reference: at(reference, row, column), kind: known.data }),
    ),
  )
  return {
    kl: penalties.map((row) => row.map(({ value }) => value)),
    grad_logprob_of_sum: penalties.map((row) => row.map(({ derivative }) => derivative)),
  }
}
