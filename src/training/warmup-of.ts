import type { Schedule } from './learning-rate.js'

/** The warm-up that one number of a configuration means: below 1 a share of all steps, else steps. */
export function warmupOf(warmup: number): Schedule['warmup'] {
  return warmup < 1 ? { share: warmup } : { steps: Math.round(warmup) }
}
