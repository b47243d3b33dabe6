import { groupBy } from '../summary/group-by.js'
import { studentT } from './student-t.js'
import type { Interval } from './wilson.js'

/** One value: samples of one cluster (rotations of a question, epochs of a task) are not independent of each other. */
export interface ClusteredValue {
  cluster: string
  value: number
  /** Stratum, such as a transformation; each stratum weighs the same. Absent: all are one. */
  stratum?: string
}

/** A mean with what is known of its error. */
export interface ClusteredMean {
  mean: number
  /** Null with fewer than two clusters: nothing is known of the spread. */
  standardError: number | null
  /** t interval, 95 %, with clusters − 1 degrees of freedom; not cut to any range. */
  interval: Interval | null
  clusters: number
}

/**
 * Mean of strata means, each stratum weighing the same, with the cluster-robust (sandwich, linearised) standard error
 * √(G/(G−1) · Σ_g u_g²), u_g = Σ_{i in g} (y_i − mean of i's stratum) / (strata · size of i's stratum). Without clusters and strata that is s/√n. Null for no values.
 * Source: K.-Y. Liang and S. L. Zeger, 1986; A. C. Cameron and D. L. Miller, 2015; for evaluations, E. Miller, arXiv 2411.00640, section 2.2.
 */
export function clusteredMean(values: readonly ClusteredValue[]): ClusteredMean | null {
  if (values.length === 0) return null
  const strata = groupBy(values, ({ stratum = '' }) => stratum)
  const means = new Map([...strata].map(([name, members]) => [name, meanOf(members)]))
  const influence = new Map<string, number>()
  for (const { cluster, value, stratum = '' } of values) {
    const weight = 1 / (strata.size * (strata.get(stratum)?.length ?? 1))
    influence.set(cluster, (influence.get(cluster) ?? 0) + weight * (value - (means.get(stratum) ?? 0)))
  }
  const clusters = influence.size
  const mean = [...means.values()].reduce((total, one) => total + one, 0) / strata.size
  if (clusters < 2) return { mean, standardError: null, interval: null, clusters }
  const squares = [...influence.values()].reduce((total, one) => total + one * one, 0)
  const standardError = Math.sqrt((clusters / (clusters - 1)) * squares)
  const half = studentT({ degrees: clusters - 1 }) * standardError
  return { mean, standardError, interval: [mean - half, mean + half], clusters }
}

function meanOf(members: readonly ClusteredValue[]): number {
  return members.reduce((total, { value }) => total + value, 0) / members.length
}
