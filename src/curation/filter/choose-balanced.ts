import { TRANSFORMS } from '../../core/transform.js'
import { fractionOf } from '../../data/mvtoolbench-build/digest-order.js'
import type { FilterItem } from './filter-item.js'
import type { BalanceBy, FilterOptions } from './filter-options.js'
import { shareOut, type Sharer } from './share-out.js'

/** What a group had to give and gave. */
export interface BalanceShare {
  /** One name for each of the keys that it was parted by so far, such as `rotate_90`, or `rotate_90`, `find/count`. */
  group: readonly string[]
  /** Its equal share. */
  wanted: number
  available: number
  taken: number
}

export interface Balanced {
  /** Places in `items`, ascending. */
  chosen: readonly number[]
  /** Every group, outer ones before their inner ones; empty where nothing was balanced. */
  shares: readonly BalanceShare[]
}

/** Of rows without a category. */
export const NO_CATEGORY = '(none)'

/**
 * Choose `count` of the rows that passed: equal shares by the first key, and within each of its groups equal shares by the next; what a group does not have, its neighbours give.
 * Among the rows of a group `seed` and the rows' keys decide.
 * @param all every row there is: groups that none passed of are missed, too
 */
export function chooseBalanced({
  items,
  all,
  sources,
  count,
  options: { balance, none, seed },
}: {
  items: readonly FilterItem[]
  all: readonly FilterItem[]
  /** Names of the sources. */
  sources: readonly string[]
  count: number
  options: Pick<FilterOptions, 'balance' | 'none' | 'seed'>
}): Balanced {
  const nameOf = (item: FilterItem, by: BalanceBy): string => groupName({ item, by, sources })
  const groupsOf = new Map(balance.map((by) => [by, names({ all, by, nameOf })]))
  const shares: BalanceShare[] = []
  const choose = (places: readonly number[], total: number, depth: number, path: string[]): number[] => {
    const by = balance[depth]
    if (by === undefined) return drawn({ places, items, seed, count: total })
    const inside = new Map<string, number[]>()
    for (const place of places) {
      const item = items[place]
      if (item === undefined) continue
      const name = nameOf(item, by)
      const known = inside.get(name)
      if (known === undefined) inside.set(name, [place])
      else known.push(place)
    }
    const sharers = (groupsOf.get(by) ?? []).map((name): Sharer => ({
      name,
      weight: weightOf({ by, name, none }),
      available: inside.get(name)?.length ?? 0,
    }))
    const rank = (name: string): number => fractionOf(String(seed), ...path, name)
    return shareOut({ total, sharers, rank }).flatMap(({ name, wanted, available, taken }) => {
      const group = [...path, name]
      shares.push({ group, wanted, available, taken })
      return choose(inside.get(name) ?? [], taken, depth + 1, group)
    })
  }
  const chosen = choose([...items.keys()], count, 0, [])
  return { chosen: chosen.sort((a, b) => a - b), shares }
}

function drawn({
  places,
  items,
  seed,
  count,
}: {
  places: readonly number[]
  items: readonly FilterItem[]
  seed: number
  count: number
}): number[] {
  return places
    .map((place) => ({ place, rank: fractionOf('choose', String(seed), items[place]?.key ?? '') }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ place }) => place)
}

/** Groups of a key, in a fixed order. Every transformation is one, also that of no row. */
function names({
  all,
  by,
  nameOf,
}: {
  all: readonly FilterItem[]
  by: BalanceBy
  nameOf: (item: FilterItem, by: BalanceBy) => string
}): readonly string[] {
  return by === 'transform' ? TRANSFORMS : [...new Set(all.map((item) => nameOf(item, by)))].sort()
}

function groupName({
  item: { transform, category, source },
  by,
  sources,
}: {
  item: FilterItem
  by: BalanceBy
  sources: readonly string[]
}): string {
  switch (by) {
    case 'transform':
      return transform
    case 'category':
      return category ?? NO_CATEGORY
    case 'source':
      return sources[source] ?? String(source)
  }
}

function weightOf({ by, name, none }: { by: BalanceBy; name: string; none: number }): number {
  if (by !== 'transform') return 1
  return name === 'none' ? none : (1 - none) / (TRANSFORMS.length - 1)
}
