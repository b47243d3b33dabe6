import { expect, test } from '@jest/globals'
import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { dealTransforms } from './deal-transforms.js'

const rows = (count: number, category: (at: number) => string | null = () => null) =>
  Array.from({ length: count }, (_, at) => ({ key: `key ${at}`, category: category(at) }))
const tally = (names: readonly Transform[]): number[] =>
  TRANSFORMS.map((transform) => names.filter((name) => name === transform).length)

test('each of the five comes equally often, and none as often as it is to', () => {
  expect(tally(dealTransforms({ open: rows(600), given: [], none: 1 / 6, seed: 0 }))).toEqual([
    100, 100, 100, 100, 100, 100,
  ])
  expect(tally(dealTransforms({ open: rows(100), given: [], none: 0.5, seed: 0 }))).toEqual([
    50, 10, 10, 10, 10, 10,
  ])
  expect(tally(dealTransforms({ open: rows(10), given: [], none: 0, seed: 0 }))).toEqual([0, 2, 2, 2, 2, 2])
})

test('rows that came transformed count: what is dealt makes up for them', () => {
  const given: Transform[] = [...new Array<Transform>(30).fill('rotate_90'), 'flip_vertical']
  // 120 rows, 20 of each; rotate_90 has 10 too many, which the others lack in equal parts.
  const dealt = tally(dealTransforms({ open: rows(89), given, none: 1 / 6, seed: 0 }))
  expect(dealt[1]).toBe(0)
  expect(dealt.reduce((a, b) => a + b)).toBe(89)
  for (const at of [0, 2, 3, 4]) expect(Math.abs((dealt[at] ?? 0) - 18)).toBeLessThanOrEqual(1)
  expect(Math.abs((dealt[5] ?? 0) - 17)).toBeLessThanOrEqual(1)
})

test('a category has its part of each, whatever the others have', () => {
  const open = rows(120, (at) => (at % 4 === 0 ? 'rare' : 'usual'))
  const dealt = dealTransforms({ open, given: [], none: 1 / 6, seed: 3 })
  const rare = dealt.filter((_, at) => open[at]?.category === 'rare')
  expect(tally(rare)).toEqual([5, 5, 5, 5, 5, 5])
})

test('the seed and the keys decide, not the order of the rows', () => {
  const open = rows(30)
  const dealt = dealTransforms({ open, given: [], none: 1 / 6, seed: 1 })
  const turned = dealTransforms({ open: [...open].reverse(), given: [], none: 1 / 6, seed: 1 })
  expect(turned.reverse()).toEqual(dealt)
  expect(dealTransforms({ open, given: [], none: 1 / 6, seed: 2 })).not.toEqual(dealt)
})
