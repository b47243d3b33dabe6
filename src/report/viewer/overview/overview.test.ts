import { expect, test } from '@jest/globals'
import type { SampleRow } from '../../report-data.js'
import { sampleRow } from '../../testing/sample-row.js'
import { usualPaperRows } from './choose-paper-rows.js'
import { toolRates } from './tool-rates.js'

const paper = ['Qwen2.5-VL-7B', 'CodeVision-7B', 'Qwen3-VL-8B-Thinking', 'CodeVision-8B', 'GPT-4o'].map(
  (model, index) => ({ model, tools: index % 2 === 1, accuracy: { overall: 50 } }),
)

test('the paper’s rows of the run’s own backbone are shown first', () => {
  expect(usualPaperRows({ rows: paper, model: 'Qwen/Qwen3-VL-8B-Thinking' })).toEqual([2, 3])
  expect(usualPaperRows({ rows: paper, model: 'tesseract.js-7.0.0' })).toEqual([0, 1])
  expect(usualPaperRows({ rows: [], model: 'x' })).toEqual([])
})

test('samples of one cluster count for less in the intervals of tools', () => {
  const rows = ['crop', 'crop', '', ''].map((tool) => ({ tools: tool === '' ? [] : [tool] }))
  const width = (list: SampleRow[]): number => {
    const [low = 0, high = 0] = toolRates(list)[0]?.interval ?? []
    return high - low
  }
  const alone = rows.map((row) => sampleRow(row))
  const inPairs = rows.map((row, at) => sampleRow({ ...row, cluster: Math.floor(at / 2) }))
  expect(width(inPairs)).toBeGreaterThan(width(alone))
})

test('tools are counted over scored samples, emergent ones last, with Wilson intervals', () => {
  const row = (tools: string[], ending: SampleRow['ending'], value: number | null = 1): SampleRow =>
    sampleRow({ tools, ending, value })
  const rates = toolRates([
    row(['crop', 'sharpen'], 'correct'),
    row(['sharpen'], 'wrong', 0),
    row([], 'wrong', 0),
    row(['crop'], 'sandbox-error', null),
  ])
  expect(
    rates.map(({ tool, samples, isEmergent, accuracy }) => [tool, samples, isEmergent, accuracy]),
  ).toEqual([
    ['crop', 1, false, 1],
    ['sharpen', 2, true, 0.5],
  ])
  // Wilson, 2 of 3.
  expect(rates[1]?.share).toBeCloseTo(2 / 3, 12)
  expect(rates[1]?.interval[0]).toBeCloseTo(0.2077, 4)
  expect(rates[1]?.interval[1]).toBeCloseTo(0.9385, 4)
})
