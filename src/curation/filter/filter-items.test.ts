import { expect, test } from '@jest/globals'
import { filterItems } from './filter-items.js'
import type { FilterItem } from './filter-item.js'
import { parseFilterOptions, type FilterInput } from './filter-options.js'
import type { RolloutTally } from './tally-rollouts.js'

const tally = (changes: Partial<RolloutTally>): RolloutTally => ({
  ...{ expected: 8, n: 8, correct: 0, failed: 0, isUnusable: false, turns: 0, calls: 0, tools: new Map() },
  ...changes,
})
const TALLIES: Readonly<Record<string, RolloutTally | undefined>> = {
  never: tally({}),
  rarely: tally({ correct: 1 }),
  often: tally({ correct: 7 }),
  always: tally({ correct: 8 }),
  failed: tally({ n: 7, correct: 3, failed: 1 }),
  begun: tally({ n: 4, correct: 2 }),
  broken: tally({ n: 0, isUnusable: true }),
  unasked: undefined,
}
const fatesOf = (input: FilterInput = {}) => {
  const names = Object.keys(TALLIES)
  const items = names.map((key, row): FilterItem => ({
    ...{ key, id: key, source: 0, row, transform: 'none', isTurnedHere: false, category: null },
    ...{ requiredTools: null, notices: [] },
  }))
  const tallies = new Map(Object.entries(TALLIES).flatMap(([key, one]) => (one ? [[key, one] as const] : [])))
  const { fates } = filterItems({ items, tallies, sources: ['one'], options: parseFilterOptions(input) })
  return Object.fromEntries(names.map((name, at) => [name, fates[at]]))
}

test('rows that are solved sometimes are kept; of those with rollouts that failed nothing is said', () => {
  expect(fatesOf()).toEqual({
    ...{ never: 'all-wrong', rarely: 'kept', often: 'kept', always: 'all-right' },
    ...{ failed: 'incomplete', begun: 'incomplete', broken: 'unusable', unasked: 'incomplete' },
  })
})

test('with fewer rollouts as enough, what there is decides', () => {
  expect(fatesOf({ 'min-rollouts': 5 })).toMatchObject({ failed: 'kept', begun: 'incomplete' })
  expect(fatesOf({ 'min-rollouts': 1 })).toMatchObject({
    begun: 'kept',
    broken: 'unusable',
    unasked: 'incomplete',
  })
  expect(fatesOf({ 'min-rollouts': 9 })).toMatchObject({ rarely: 'incomplete' })
})

test('bounds part too hard from all wrong', () => {
  expect(fatesOf({ keep: '0.2-0.8', 'min-rollouts': 4 })).toMatchObject({
    ...{ never: 'all-wrong', rarely: 'too-hard', often: 'too-easy', always: 'all-right', begun: 'kept' },
  })
})

test('what passed and was not chosen is surplus', () => {
  const fates = Object.values(fatesOf({ count: 1 }))
  expect(fates.filter((fate) => fate === 'kept')).toHaveLength(1)
  expect(fates.filter((fate) => fate === 'surplus')).toHaveLength(1)
})

test('options that do not go together are refused', () => {
  expect(() => parseFilterOptions({ balance: ['transform'] })).toThrow(/`balance`: expected --count/)
  expect(() => parseFilterOptions({ none: 0.1 })).toThrow(/`none`: expected --transform balanced/)
  expect(() => parseFilterOptions({ none: 2, transform: 'balanced' })).toThrow(/`none`/)
  expect(() => parseFilterOptions({ 'crop-below': 0 })).toThrow(/`crop-below`/)
  expect(parseFilterOptions({ none: 0.1, transform: 'balanced' })).toMatchObject({ none: 0.1 })
})
