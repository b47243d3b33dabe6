import { createRandom } from '../demo/random.js'

/**
 * One of `values` for row `index`: in each stretch of as many rows as there are values every value comes once, in an order that the seed decides. Rows need not be
 * visited in order.
 */
export function stratified<T>({
  values,
  index,
  seed,
}: {
  values: readonly T[]
  index: number
  seed: string
}): T {
  const stretch = Math.floor(index / values.length)
  const order = createRandom({ seed: `${seed}/${stretch}` }).shuffle(values)
  const value = order[index % values.length]
  if (value === undefined) throw new RangeError('Expected something to choose from, got an empty list.')
  return value
}
