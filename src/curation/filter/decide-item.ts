import { passPlace, type PassBounds, type PassPlace } from './pass-bounds.js'
import type { RolloutTally } from './tally-rollouts.js'

/**
 * What becomes of a row. `incomplete`: too few of its rollouts were scored, so that nothing can be said of it yet; `unusable`: its own data made rollouts impossible;
 * `surplus`: it passed, but other rows were chosen for the number that was wanted.
 */
export const FATES = [
  'kept',
  'surplus',
  'all-right',
  'all-wrong',
  'too-easy',
  'too-hard',
  'incomplete',
  'unusable',
] as const

export type Fate = (typeof FATES)[number]

/** What the rollouts of a row say of it; `within`: its pass rate is wanted. */
export function decideItem({
  tally,
  bounds,
  minRollouts,
}: {
  tally: RolloutTally | undefined
  bounds: PassBounds
  /** Scored rollouts that are enough; undefined: all that were asked for. */
  minRollouts: number | undefined
}): PassPlace | 'incomplete' | 'unusable' {
  if (tally === undefined) return 'incomplete'
  const { isUnusable, n, correct, expected } = tally
  if (isUnusable) return 'unusable'
  if (n === 0 || n < (minRollouts ?? expected)) return 'incomplete'
  return passPlace({ bounds, correct, n })
}
