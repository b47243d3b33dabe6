import { reported } from '../summary/reported.js'
import type { Interval } from '../statistics/wilson.js'
import type { PairedFigures } from './paired-figures.js'

/** What a benchmark reports of both runs over the same samples, and the difference B − A with its 95 % interval. */
export interface ReportedDifference {
  a: number | null
  b: number | null
  difference: number
  interval: Interval | null
}

/** Mean credit where the scoring gives parts of it, as {@link reported} has it for one run, else accuracy. */
export function reportedDifference(figures: PairedFigures): ReportedDifference {
  const { accuracyA, accuracyB, difference, credit } = figures
  const of = (accuracy: number, mean: number | undefined): number | null =>
    reported({ accuracy, interval: null, partial: mean === undefined ? null : { mean, interval: null } })
      .accuracy
  return {
    a: of(accuracyA, credit?.a),
    b: of(accuracyB, credit?.b),
    difference: credit?.difference ?? difference,
    interval: credit === null ? trustedInterval(figures) : credit.bootstrap,
  }
}

/** The interval of the accuracies that fits the pairs: Newcombe's where they are independent, else the bootstrap over clusters; null where neither fits. */
export function trustedInterval({ n, clusters, newcombe, bootstrap }: PairedFigures): Interval | null {
  return clusters === n ? newcombe : bootstrap
}
