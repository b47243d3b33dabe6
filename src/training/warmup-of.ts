import { UsageError } from '../core/errors.js'
import type { Schedule } from './learning-rate.js'

/**
 * The warm-up that one number of a configuration means: below 1 a share of all steps, else steps. A warm-up begins with the rate 0, so that a share, which is rounded up, is none of a
 * training's only step.
 * @throws UsageError for steps of warm-up of a training that would have no other rate than 0
 */
export function warmupOf({ warmup, totalSteps }: { warmup: number; totalSteps: number }): Schedule['warmup'] {
  if (warmup < 1) return { share: totalSteps === 1 ? 0 : warmup }
  if (totalSteps === 1)
    throw new UsageError(
      `training.warmup: expected 0, or a share below 1, for a training of one step, got ${warmup}: a warm-up begins with the learning rate 0, and nothing would be learned. Change it, or take more steps (training.steps, training.passes)`,
    )
  return { steps: Math.round(warmup) }
}
