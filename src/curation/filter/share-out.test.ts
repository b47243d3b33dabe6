import { expect, test } from '@jest/globals'
import { shareOut, type Sharer } from './share-out.js'

const rank = (name: string): number => name.codePointAt(0) ?? 0
const taken = (total: number, sharers: readonly Sharer[]) =>
  shareOut({ total, sharers, rank }).map((shared) => shared.taken)
const even = (...available: number[]): Sharer[] =>
  available.map((count, at) => ({ name: 'abcdef'[at] ?? '', weight: 1, available: count }))

test('those that have enough get equal shares', () => {
  expect(taken(12, even(9, 9, 9))).toEqual([4, 4, 4])
})

test('what one does not have is shared among the others, again and again', () => {
  // 12 each; a has 2, so (36 - 2) / 2 = 17 each; b has 13, so c gives 21.
  expect(taken(36, even(2, 13, 40))).toEqual([2, 13, 21])
  expect(shareOut({ total: 36, sharers: even(2, 13, 40), rank }).map(({ wanted }) => wanted)).toEqual([
    12, 12, 12,
  ])
})

test('a remainder goes to the largest fractions, and of equal ones to the lower rank', () => {
  expect(taken(8, even(9, 9, 9))).toEqual([3, 3, 2])
  const weighted = [
    { name: 'a', weight: 0.5, available: 9 },
    { name: 'b', weight: 0.3, available: 9 },
    { name: 'c', weight: 0.2, available: 9 },
  ]
  // 2.5, 1.5 and 1.
  expect(taken(5, weighted)).toEqual([3, 1, 1])
})

test('never is more taken than there is, and all where less is there than wanted', () => {
  expect(taken(100, even(1, 2, 3))).toEqual([1, 2, 3])
  expect(taken(5, even(0, 0))).toEqual([0, 0])
})

test('who has no weight gets nothing, also where the others run short', () => {
  expect(taken(6, [{ name: 'a', weight: 0, available: 9 }, ...even(0, 4).slice(1)])).toEqual([0, 4])
})

test('shares add up to the total for any sizes', () => {
  for (let total = 0; total < 60; total++) {
    const sharers = even(7, 1, 13, 22, 5, 9).map((sharer, at) => ({ ...sharer, weight: 1 + (at % 3) }))
    const shared = shareOut({ total, sharers, rank })
    expect(shared.reduce((sum, one) => sum + one.taken, 0)).toBe(Math.min(total, 57))
    expect(shared.every((one) => one.taken <= one.available)).toBe(true)
  }
})
