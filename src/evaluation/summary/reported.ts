import type { Rates } from './rates.js'

/** What a benchmark reports of some samples, with its 95 % interval: the mean of partial credit where its scoring gives that, else the accuracy. */
export function reported({
  accuracy,
  interval,
  partial,
}: Pick<Rates, 'accuracy' | 'interval' | 'partial'>): Pick<Rates, 'accuracy' | 'interval'> {
  return partial === null ? { accuracy, interval } : { accuracy: partial.mean, interval: partial.interval }
}
