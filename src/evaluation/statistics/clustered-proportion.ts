import { wilson, type Interval } from './wilson.js'

/**
 * Interval (95 %) of a proportion whose trials come in clusters: the Wilson interval at the effective number of trials n / deff, where deff = Σ_g u_g² / (n p (1 − p))
 * and u_g is the sum of (y − p) over cluster g. Trials alone in their clusters give deff 1, so plain Wilson; m equal trials a cluster give deff m, so Wilson over the
 * clusters. deff is not taken below 1: clusters never narrow an interval. Where all trials agree nothing tells how alike the trials of a cluster are, so the
 * clusters are counted. Null for no trials.
 * Source: N. Dean and M. Pagano, 2015, and C. Franco et al., J. Survey Statistics and Methodology 7 (2019), on Wilson intervals of complex samples; deff of L. Kish, 1965.
 */
export function clusteredProportion(
  trials: readonly { cluster: string; success: boolean }[],
): Interval | null {
  const n = trials.length
  if (n === 0) return null
  const share = trials.filter(({ success }) => success).length / n
  const sums = new Map<string, number>()
  for (const { cluster, success } of trials)
    sums.set(cluster, (sums.get(cluster) ?? 0) + Number(success) - share)
  const isUnanimous = share === 0 || share === 1
  const squares = [...sums.values()].reduce((total, one) => total + one * one, 0)
  const effective = isUnanimous ? sums.size : n / Math.max(1, squares / (n * share * (1 - share)))
  return wilson({ successes: share * effective, n: effective })
}
