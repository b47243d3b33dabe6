import { expect, test } from '@jest/globals'
import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { chooseBalanced } from './choose-balanced.js'
import type { FilterItem } from './filter-item.js'
import type { BalanceBy } from './filter-options.js'

let serial = 0
const item = (transform: Transform, category: string | null = null): FilterItem => ({
  ...{ key: `key ${serial}`, id: String(serial), source: 0, row: serial++, transform, category },
  ...{ isTurnedHere: false, requiredTools: null, notices: [] },
})
const times = (count: number, make: () => FilterItem): FilterItem[] => Array.from({ length: count }, make)
const choose = (
  items: readonly FilterItem[],
  count: number,
  {
    balance = ['transform'],
    none = 1 / 6,
    seed = 0,
  }: { balance?: BalanceBy[]; none?: number; seed?: number } = {},
) => {
  const { chosen, shares } = chooseBalanced({
    ...{ items, all: items, sources: ['one'], count, options: { balance, none, seed } },
  })
  const rows = chosen.flatMap((place) => items[place] ?? [])
  return {
    rows,
    chosen,
    shares,
    tally: TRANSFORMS.map((name) => rows.filter((row) => row.transform === name).length),
  }
}

test('transformations have equal shares, and none the share that it is to have', () => {
  const items = TRANSFORMS.flatMap((name) => times(50, () => item(name)))
  expect(choose(items, 60).tally).toEqual([10, 10, 10, 10, 10, 10])
  expect(choose(items, 50, { none: 0.5 }).tally).toEqual([25, 5, 5, 5, 5, 5])
  expect(choose(items, 50, { none: 0 }).tally).toEqual([0, 10, 10, 10, 10, 10])
})

test('what a transformation lacks the others give, and it is said', () => {
  const items = TRANSFORMS.flatMap((name) => times(name === 'rotate_90' ? 4 : 50, () => item(name)))
  const { tally, shares } = choose(items, 64, { none: 1 / 6 })
  expect(tally).toEqual([12, 4, 12, 12, 12, 12])
  const short = shares.filter(({ available, wanted }) => available < wanted)
  expect(short).toEqual([{ group: ['rotate_90'], wanted: expect.any(Number), available: 4, taken: 4 }])
  expect([10, 11]).toContain(short[0]?.wanted)
})

test('categories share what their transformation has', () => {
  const items = TRANSFORMS.flatMap((name) => [
    ...times(20, () => item(name, 'much')),
    ...times(2, () => item(name, 'little')),
    ...times(5, () => item(name)),
  ])
  const { rows, shares } = choose(items, 72, { balance: ['transform', 'category'] })
  const of = (category: string | null): number =>
    rows.filter((row) => row.transform === 'flip_vertical' && row.category === category).length
  expect([of('little'), of('much'), of(null)]).toEqual([2, 5, 5])
  expect(shares).toContainEqual({ group: ['flip_vertical', 'little'], wanted: 4, available: 2, taken: 2 })
  expect(shares).toContainEqual({ group: ['flip_vertical', '(none)'], wanted: 4, available: 5, taken: 5 })
})

test('with nothing to balance by, that many are drawn, in the order of the rows', () => {
  const items = times(40, () => item('none'))
  const { chosen } = choose(items, 10, { balance: [] })
  expect(chosen).toHaveLength(10)
  expect([...chosen].sort((a, b) => a - b)).toEqual(chosen)
  expect(choose(items, 10, { balance: [] }).chosen).toEqual(chosen)
  expect(choose(items, 10, { balance: [], seed: 1 }).chosen).not.toEqual(chosen)
})

test('more than there is cannot be chosen', () => {
  const { tally, shares } = choose(
    times(3, () => item('rotate_180')),
    12,
  )
  expect(tally).toEqual([0, 0, 3, 0, 0, 0])
  expect(shares.map(({ wanted }) => wanted)).toEqual([2, 2, 2, 2, 2, 2])
})
