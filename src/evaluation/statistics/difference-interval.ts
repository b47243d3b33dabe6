import type { Interval } from './wilson.js'

/** A figure with its interval. */
export interface Estimate {
  value: number
  interval: Interval
}

/**
 * Interval (95 %) of the difference `after` − `before` of two independent figures, from their own intervals (method of variance estimates recovery). With Wilson intervals
 * of two proportions it is Newcombe's hybrid score interval.
 * Source: G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008); R. G. Newcombe, Statistics in Medicine 17 (1998), 873–890, method 10.
 */
export function differenceInterval({ before, after }: { before: Estimate; after: Estimate }): Interval {
  const difference = after.value - before.value
  const below = Math.hypot(after.value - after.interval[0], before.interval[1] - before.value)
  const above = Math.hypot(after.interval[1] - after.value, before.value - before.interval[0])
  return [difference - below, difference + above]
}
