import { OUTCOMES, type Outcome } from '../../core/sample.js'
import { creditOf, isScored } from './credit.js'
import type { SampleDigest } from './digest.js'
import { epochStatistics, type EpochStatistics } from './epoch-statistics.js'
import { clusteredMean } from '../statistics/clustered-mean.js'
import { clusteredProportion } from '../statistics/clustered-proportion.js'
import type { Interval } from '../statistics/wilson.js'
import { unitInterval } from '../statistics/unit-interval.js'
import { toolStatistics, type ToolStatistics } from './tool-statistics.js'

/** Rates over samples; infrastructure failures are in none of them but in `excluded` and `outcomes`. */
export interface Rates extends ToolStatistics, EpochStatistics {
  /** Samples that were scored. */
  n: number
  /** Groups of those that are independent of each other: questions, however often each was asked. */
  clusters: number
  correct: number
  /** Null where nothing was scored. */
  accuracy: number | null
  /** 95 %, Wilson at the number of samples that are worth as much as independent ones. */
  interval: Interval | null
  /** Mean of partial credit, with its t interval (95 %) over clusters, cut to [0, 1]; null where the scoring gives none. */
  partial: { mean: number; interval: Interval | null } | null
  excluded: number
  /** Of those, samples whose images cannot be decoded: no outcome counts them, and no resumption will change that. */
  unusable: number
  outcomes: Record<Outcome, number>
}

/** Rates over the samples of one group; their order decides rounding alone. */
export function ratesOf(digests: readonly SampleDigest[]): Rates {
  const scored = digests.filter(isScored)
  const n = scored.length
  const correct = scored.filter(({ outcome }) => outcome === 'correct').length
  return {
    n,
    clusters: new Set(scored.map(({ cluster }) => cluster)).size,
    correct,
    accuracy: n === 0 ? null : correct / n,
    interval: clusteredProportion(
      scored.map(({ cluster, outcome }) => ({ cluster, success: outcome === 'correct' })),
    ),
    partial: partialOf(scored),
    excluded: digests.length - n,
    unusable: digests.filter(({ outcome }) => outcome === 'unusable').length,
    outcomes: countOutcomes(digests),
    ...toolStatistics(scored),
    ...epochStatistics(scored),
  }
}

function partialOf(scored: readonly SampleDigest[]): Rates['partial'] {
  if (scored.every(({ value }) => value === null)) return null
  const found = clusteredMean(scored.map((digest) => ({ cluster: digest.cluster, value: creditOf(digest) })))
  return found && { mean: found.mean, interval: unitInterval(found) }
}

function countOutcomes(digests: readonly SampleDigest[]): Record<Outcome, number> {
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>
  for (const { outcome } of digests) if (outcome !== 'unusable') counts[outcome]++
  return counts
}
