import { expect, test } from '@jest/globals'
import type { Transform } from '../../core/transform.js'
import type { Suite } from '../../data/load-suite.js'
import { filterItems } from './filter-items.js'
import type { FilterItem } from './filter-item.js'
import { parseFilterOptions, type FilterInput } from './filter-options.js'
import { filterReport, type FilterReport } from './filter-report.js'
import { filterTable } from './filter-table.js'
import type { RolloutTally } from './tally-rollouts.js'

/** Rows with so many right answers of so many rollouts. */
const ROWS: readonly (readonly [Transform, string, number, number])[] = [
  ['none', 'sum', 0, 8],
  ['none', 'sum', 4, 8],
  ['rotate_90', 'sum', 8, 8],
  ['rotate_90', 'look-up', 2, 8],
  ['rotate_90', 'look-up', 6, 8],
  ['flip_vertical', 'look-up', 3, 5],
]

function reportOf(input: FilterInput = {}): FilterReport {
  const options = parseFilterOptions(input)
  const items = ROWS.map(([transform, category], row): FilterItem => ({
    ...{ key: `k${row}`, id: `r${row}`, source: 0, row, transform, category, isTurnedHere: false },
    ...{ requiredTools: transform === 'none' ? [] : ['crop'], notices: [] },
  }))
  const tallies = new Map(
    ROWS.map(([, , correct, n], row): [string, RolloutTally] => [
      `k${row}`,
      {
        ...{ expected: 8, n, correct, failed: 8 - n, isUnusable: false, turns: 2 * n, calls: n },
        tools: new Map([['crop', correct]]),
      },
    ]),
  )
  const rows = { count: 9, sha256: 'f00d' } as Suite
  return {
    ...filterReport({
      ...{ options, items, tallies },
      sources: [{ name: 'one', given: 'one.jsonl', rows, turned: rows }],
      survey: { rows: [], counts: [9], repeated: { byKey: 2, byPixels: 1 } },
      runs: [
        { path: 'r', policy: { name: 'openai', model: 'm' }, scoring: 'strict', judge: 'none', epochs: 8 },
      ],
      filtered: filterItems({ items, tallies, sources: ['one'], options }),
    }),
    sha256: 'beef',
  }
}

test('the report counts what became of rows, before and after, by transformation and category', () => {
  const { overall, byTransform, byCategory, rows, rollouts, tools, ...rest } = reportOf()
  expect(rows).toEqual({ read: 9, repeatedByKey: 2, repeatedByPixels: 1, asked: 6 })
  expect(overall.fates).toMatchObject({ kept: 3, 'all-right': 1, 'all-wrong': 1, incomplete: 1 })
  expect(overall.passRates.before.counts).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1])
  expect(overall.passRates.kept.counts).toEqual([0, 0, 1, 0, 1, 0, 1, 0, 0])
  expect(overall.meanPassRate).toEqual({ before: 0.5, kept: 0.5 })
  expect(byTransform.rotate_90).toMatchObject({ rows: 3, meanPassRate: { before: 2 / 3, kept: 0.5 } })
  expect(byTransform.flip_vertical).toMatchObject({ rows: 1, meanPassRate: { before: null, kept: null } })
  expect(Object.keys(byTransform)).toEqual(['none', 'rotate_90', 'flip_vertical'])
  expect(byCategory.sum).toMatchObject({ rows: 3, meanPassRate: { before: 0.5, kept: 0.5 } })
  expect(rollouts).toEqual({ scored: 45, correct: 23, failed: 3, perRow: { least: 8, most: 8 } })
  expect(tools).toEqual({ required: { crop: 2, '(none)': 1 }, used: { crop: 12 } })
  expect(JSON.stringify(rest)).not.toContain('one.jsonl')
})

test('the table says how little eight rollouts tell', () => {
  const text = filterTable(reportOf()).join('\n')
  expect(text).toContain(
    '0 of 8 right: 0 % to 32 % · 4 of 8 right: 22 % to 78 % · 8 of 8 right: 68 % to 100 %',
  )
  expect(text).toMatch(/^rotate_90 +3 +2 +1 +0 +0 +66\.7 % +50\.0 %$/m)
  expect(text).toMatch(/^right, of 8 +0 +1 +2 +3 +4 +5 +6 +7 +8$/m)
  expect(text).toContain('9 (one 9), 3 repeat an earlier one (2 byte by byte, 1 in other files)')
})

test('rates take the place of counts where rows have different numbers of rollouts', () => {
  const text = filterTable(reportOf({ 'min-rollouts': 5 })).join('\n')
  expect(text).toContain('5 to 8 scored rollouts')
  expect(text).toMatch(/^pass rate +0 % +13 %/m)
})

test('what a balance lacks is told', () => {
  const text = filterTable(reportOf({ balance: ['transform'], count: 6 })).join('\n')
  expect(text).toContain('Wanted 6 rows, 3 passed.')
  expect(text).toMatch(/^rotate_180 +1 +0$/m)
  expect(text).not.toMatch(/^none +1 +1$/m)
})
