import { createRandom } from '../../data/demo/random.js'
import type { Interval } from './wilson.js'

const RESAMPLES = 2_000

/**
 * Percentile interval (95 %) of the mean of paired differences: whole clusters are drawn with replacement, so that rotations of a question or epochs of a task stay together.
 * The same seed gives the same interval, whatever the order of the differences. Null with fewer than two clusters, and where all have the same mean, such as that no pair differs:
 * every draw would then be alike, and an interval of no width would claim what nobody knows.
 * Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (1993), sections 13.3 and 8.
 */
export function pairedBootstrap({
  differences,
  seed = 'paired',
  resamples = RESAMPLES,
}: {
  differences: readonly { cluster: string; value: number }[]
  seed?: string
  resamples?: number
}): Interval | null {
  const sums = new Map<string, { total: number; n: number }>()
  for (const { cluster, value } of differences) {
    const sum = sums.get(cluster) ?? { total: 0, n: 0 }
    sums.set(cluster, { total: sum.total + value, n: sum.n + 1 })
  }
  const clusters = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)
  if (new Set(clusters.map(({ total, n }) => total / n)).size < 2) return null
  const random = createRandom({ seed })
  const last = clusters.length - 1
  const means = new Float64Array(resamples)
  for (let draw = 0; draw < resamples; draw++) {
    let [total, n] = [0, 0]
    for (let index = 0; index <= last; index++) {
      const cluster = clusters[random.integer(0, last)]
      total += cluster?.total ?? 0
      n += cluster?.n ?? 0
    }
    means[draw] = total / n
  }
  means.sort()
  return [quantile(means, 0.025), quantile(means, 0.975)]
}

/** Of sorted values, interpolated linearly (type 7 of Hyndman and Fan). */
function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share
  const below = Math.floor(place)
  const [low = 0, high = low] = sorted.subarray(below, below + 2)
  return low + (place - below) * (high - low)
}
