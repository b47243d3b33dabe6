import { uniformStream } from '../core/uniform-stream.js'

/** Items of one step, by their places in the data, and the pass over it that they belong to. */
export interface Batch {
  readonly pass: number
  readonly items: readonly number[]
}

/**
 * The order in which data is learned from: each pass shuffled anew, cut into batches. What a step takes follows from seed and step alone, so nothing has to be kept to
 * go on in the middle.
 */
export interface DataOrder {
  readonly stepsPerPass: number
  batchOf(step: number): Batch
}

/**
 * @param parameters.rest of a pass that fills no batch: `keep` as a smaller batch, or `drop` (what is left out changes with each pass). Data that fills no batch at all is one batch.
 */
export function dataOrder({
  count,
  batchSize,
  seed,
  isShuffled = true,
  rest,
}: {
  count: number
  batchSize: number
  seed: number
  isShuffled?: boolean
  rest: 'keep' | 'drop'
}): DataOrder {
  if (count < 1) throw new RangeError(`expected data to learn from, got ${count} items`)
  const batches = count / batchSize
  const stepsPerPass = Math.max(1, rest === 'keep' ? Math.ceil(batches) : Math.floor(batches))
  let known: { pass: number; order: number[] } | null = null
  const orderOf = (pass: number): number[] => {
    if (known?.pass !== pass)
      known = { pass, order: isShuffled ? shuffled({ count, seed, pass }) : inOrder(count) }
    return known.order
  }
  return {
    stepsPerPass,
    batchOf(step) {
      const pass = Math.floor(step / stepsPerPass)
      const first = (step % stepsPerPass) * batchSize
      return { pass, items: orderOf(pass).slice(first, first + batchSize) }
    },
  }
}

function inOrder(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** Fisher–Yates. */
function shuffled({ count, seed, pass }: { count: number; seed: number; pass: number }): number[] {
  const random = uniformStream(JSON.stringify(['data order', seed, pass]))
  const order = inOrder(count)
  for (let last = count - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1))
    const [a, b] = [order[last], order[chosen]]
    if (a === undefined || b === undefined) throw new RangeError(`no item ${last} or ${chosen}`)
    ;[order[last], order[chosen]] = [b, a]
  }
  return order
}
