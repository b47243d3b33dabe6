import { UsageError } from '../core/errors.js'
import { uniformStream } from '../core/uniform-stream.js'

/**
 * Draw items that are not to be learned from; the others keep their order.
 * @throws UsageError when none would be left.
 */
export function holdOut<Item>({
  items,
  count,
  seed,
}: {
  items: readonly Item[]
  count: number
  seed: number
}): { kept: Item[]; held: Item[] } {
  if (count >= items.length)
    throw new UsageError(
      `heldOut.count: expected fewer than the ${items.length} conversations there are, got ${count}`,
    )
  const random = uniformStream(JSON.stringify(['held out', seed]))
  const drawn = items.map((_, place) => ({ place, value: random() }))
  const held = new Set(
    drawn
      .sort((a, b) => a.value - b.value)
      .slice(0, count)
      .map(({ place }) => place),
  )
  return {
    kept: items.filter((_, place) => !held.has(place)),
    held: items.filter((_, place) => held.has(place)),
  }
}
