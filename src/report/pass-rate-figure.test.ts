import { expect, test } from '@jest/globals'
import type { FilterReport, GroupReport } from '../curation/filter/filter-report.js'
import { passRateFigure } from './pass-rate-figure.js'

const group = (before: number[], kept: number[]): GroupReport =>
  ({
    rows: before.reduce((a, b) => a + b),
    passRates: { before: { counts: before }, kept: { counts: kept } },
  }) as unknown as GroupReport

test('a panel for all rows and one for each transformation, with a bar for each number of right rollouts', async () => {
  const report = {
    overall: group([3, 2, 1], [0, 2, 0]),
    byTransform: { none: group([3, 0, 1], [0, 0, 0]), flip_vertical: group([0, 2, 0], [0, 2, 0]) },
    runs: [{ policy: { name: 'openai', model: 'Qwen' } }],
    rollouts: { perRow: { least: 2, most: 2 } },
  } as unknown as FilterReport
  const svg = await passRateFigure(report)
  expect(svg).toMatch(/^<svg [^>]*xmlns=/)
  for (const text of [
    'all (6)',
    'none (4)',
    'flip_vertical (2)',
    'How often rows were solved: Qwen',
    'right, of 2',
  ])
    expect(svg).toContain(`>${text}<`)
  // Three bars of all rows and three of kept ones in each of three panels.
  expect(svg.match(/<rect /g)).toHaveLength(18)
  expect(svg).not.toMatch(/NaN|undefined/)
})

test('rows without any rollout make an empty figure, not a broken one', async () => {
  const report = {
    overall: group([0, 0], [0, 0]),
    byTransform: {},
    runs: [],
    rollouts: { perRow: null },
  } as unknown as FilterReport
  expect(await passRateFigure(report)).not.toMatch(/NaN|undefined/)
})
