import { z } from 'zod'

/** Far beyond any sensible weight, so that totals stay finite. */
const LARGEST_WEIGHT = 1e6
const weight = (value: number) => z.number().min(-LARGEST_WEIGHT).max(LARGEST_WEIGHT).default(value)

/** Where it is read from what a call did: from its code, or from operations that were observed while it ran and confirmed by pixels. */
const analysis = (value: 'static' | 'observed') => z.enum(['static', 'observed']).default(value)

/** How a crop is graded against its target: plain IoU, or also nearness where it misses (docs/rewards.md). */
const boxSignal = z.enum(['iou', 'graded']).default('iou')

/** Terms to leave out of the total, for ablations. */
const without = z.array(z.enum(['strategy', 'penalty', 'exact', 'suggested', 'format'])).default([])

/** As the released recipe computes it; defaults are those of its training script. */
const release = z.strictObject({
  variant: z.literal('release'),
  analysis: analysis('static'),
  without,
  boxSignal,
  weights: z
    .strictObject({
      /** Of the required tools that were used. */
      alpha: weight(1),
      /** Of the group's gain by tools. */
      beta: weight(0),
      /** Of the penalties. */
      gamma: weight(0.5),
      format: weight(0.1),
      /** For using exactly the required core tools. */
      exact: weight(0.1),
      /** For an answer that is correct with a tool outside the core; not above 0: none. */
      emerge: weight(0.2),
    })
    .prefault({}),
})

/** As the paper's formula says. */
const paper = z.strictObject({
  variant: z.literal('paper'),
  analysis: analysis('observed'),
  without,
  boxSignal,
  weights: z
    .strictObject({
      /** Of the strategy. */
      beta1: weight(1),
      /** Of the penalties. */
      beta2: weight(0.5),
      format: weight(0.1),
      suggested: weight(0.2),
      exact: weight(0.1),
    })
    .prefault({}),
})

/** Credit for tools by their measured effect in the group; no list of required tools is read (docs/reward-beneficial.md). */
const beneficial = z.strictObject({
  variant: z.literal('beneficial'),
  analysis: analysis('observed'),
  without: z.array(z.enum(['strategy', 'penalty', 'format'])).default([]),
  weights: z
    .strictObject({
      /** Of the effect of the tools that were used. */
      benefit: weight(0.5),
      /** Of the penalty. */
      cost: weight(0.5),
      format: weight(0.1),
    })
    .prefault({}),
  /** Comparisons (pairs of a rollout with and one without) that are worth as much as the assumption of no effect. */
  shrinkage: z.number().min(0).max(LARGEST_WEIGHT).default(1),
  /** Standard errors that an effect must exceed. */
  margin: z.number().min(0).max(LARGEST_WEIGHT).default(1),
  /** Tool turns without a penalty. */
  freeTurns: z.number().int().min(0).default(3),
})

/** The `reward:` block of a configuration. */
export const rewardSchema = z.discriminatedUnion('variant', [release, paper, beneficial])

export type RewardConfig = z.output<typeof rewardSchema>
export type RewardInput = z.input<typeof rewardSchema>
export type ReleaseConfig = z.output<typeof release>
export type PaperConfig = z.output<typeof paper>
export type BeneficialConfig = z.output<typeof beneficial>
