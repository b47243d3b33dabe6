import type { SCHEDULES } from '../core/training-choices.js'

export interface Schedule {
  kind: (typeof SCHEDULES)[number]
  /** Steps in which the rate rises from 0, or their share of all steps (rounded up). */
  warmup: { steps: number } | { share: number }
  /** Of the whole training. */
  totalSteps: number
}

/**
 * What the peak learning rate is multiplied with in a step (from 0): equal to `get_constant_schedule_with_warmup`, `get_linear_schedule_with_warmup` and
 * `get_cosine_schedule_with_warmup` of transformers, whose first step of a warm-up has the rate 0.
 */
export function learningRateFactor({
  step,
  schedule: { kind, warmup, totalSteps },
}: {
  step: number
  schedule: Schedule
}): number {
  const warm = 'steps' in warmup ? warmup.steps : Math.ceil(warmup.share * totalSteps)
  if (step < warm) return step / Math.max(1, warm)
  const rest = Math.max(1, totalSteps - warm)
  switch (kind) {
    case 'constant':
      return 1
    case 'linear':
      return Math.max(0, (totalSteps - step) / rest)
    case 'cosine':
      return Math.max(0, 0.5 * (1 + Math.cos((Math.PI * (step - warm)) / rest)))
  }
}
