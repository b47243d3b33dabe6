import type { MiniStageConfig, Mixture } from './mini-config.js'

/** The mixture of a step, from 0. Whoever trains longer than the phases say stays in the last. */
export function mixtureAt({ phases, step }: Pick<MiniStageConfig, 'phases'> & { step: number }): Mixture {
  let end = 0
  for (const phase of phases) {
    end += phase.steps ?? Infinity
    if (step < end) return phase.mixture
  }
  return phases.at(-1)?.mixture ?? {}
}
