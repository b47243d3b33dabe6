import type { Sample } from '../../core/sample.js'
import type { Scorer } from '../../core/scorer.js'

/** Suites as they were shipped when samples did not yet say whose rules can score them. */
const SHIPPED: Readonly<Record<string, Scorer>> = {
  ocrbench: 'ocrbench',
  chartqapro: 'chartqapro',
  vstar: 'vstar',
  hrbench4k: 'hrbench',
  hrbench8k: 'hrbench',
}

/** Whose benchmark a sample is of: what it recorded; of one of an older version, what its suite was. */
export function scorerOf({ scorer, suite }: Pick<Sample, 'scorer' | 'suite'>): Scorer {
  return scorer ?? SHIPPED[suite] ?? 'none'
}
