import { chooseBalanced, type BalanceShare } from './choose-balanced.js'
import { decideItem, type Fate } from './decide-item.js'
import type { FilterItem } from './filter-item.js'
import type { FilterOptions } from './filter-options.js'
import type { RolloutTally } from './tally-rollouts.js'

/** What became of every row. */
export interface Filtered {
  /** One for each item, in their order. */
  readonly fates: readonly Fate[]
  /** Empty where nothing was balanced. */
  readonly shares: readonly BalanceShare[]
}

/** Keep the rows whose pass rate is wanted, and of those, where a number is wanted, that many. */
export function filterItems({
  items,
  tallies,
  sources,
  options,
}: {
  items: readonly FilterItem[]
  tallies: ReadonlyMap<string, RolloutTally>
  /** Names of the sources. */
  sources: readonly string[]
  options: Pick<FilterOptions, 'keep' | 'min-rollouts' | 'balance' | 'count' | 'none' | 'seed'>
}): Filtered {
  const { keep: bounds, 'min-rollouts': minRollouts, count } = options
  const places = items.map(({ key }) => decideItem({ tally: tallies.get(key), bounds, minRollouts }))
  const within = [...places.keys()].filter((at) => places[at] === 'within')
  const passed = within.flatMap((at) => items[at] ?? [])
  const { chosen, shares } =
    count === undefined
      ? { chosen: [...passed.keys()], shares: [] }
      : chooseBalanced({ items: passed, all: items, sources, count, options })
  const kept = new Set(chosen.map((place) => within[place]))
  return {
    fates: places.map((place, at): Fate => (place !== 'within' ? place : kept.has(at) ? 'kept' : 'surplus')),
    shares,
  }
}
