import type { ClusteredMean } from './clustered-mean.js'
import { wilson, type Interval } from './wilson.js'

/**
 * Interval (95 %) of a mean of values from 0 to 1: the t interval, cut to [0, 1]. Where every value is 0, or every one 1, the standard error is 0 and says nothing; then it
 * is Wilson's over the clusters. Null with fewer than two clusters.
 */
export function unitInterval({ mean, interval, standardError, clusters }: ClusteredMean): Interval | null {
  if (interval === null) return null
  const isUnanimous = standardError === 0 && (mean === 0 || mean === 1)
  if (isUnanimous) return wilson({ successes: mean * clusters, n: clusters })
  return [Math.max(0, interval[0]), Math.min(1, interval[1])]
}
