import { expect, test } from '@jest/globals'
import type { Figures } from './figures.js'
import { goalLines } from './goals.js'
import type { Row } from './run-grid.js'

const row = (
  peer: Row['peer'],
  size: number,
  concurrency: number,
  p50Ms: number,
  callsPerSecond: number,
): Row => ({
  runtime: 'bubblewrap',
  peer,
  work: 'rotate',
  size,
  concurrency,
  p50Ms,
  p95Ms: p50Ms,
  p99Ms: p50Ms,
  callsPerSecond,
  calls: 1,
})

const figures = (rows: Row[]): Figures => ({
  machine: { processor: 'p', cores: 2, memoryBytes: 1, system: 's', node: 'n' },
  date: '2026-01-01T00:00:00Z',
  rows,
})

test('the goals of 1024² rotate are told from the median of a lone caller', () => {
  const rows = [row('limit', 1024, 1, 4, 1), row('codevision', 1024, 1, 10, 1), row('fresh', 1024, 1, 390, 1)]
  expect(goalLines(figures(rows)).map((line) => line.slice(0, 7))).toEqual(['reached', 'MISSED '])
})

test('calls a second are those of the best concurrency, for each core', () => {
  const rows = [row('codevision', 256, 1, 4, 150), row('codevision', 256, 8, 4, 201)]
  expect(goalLines(figures(rows))).toEqual([expect.stringMatching(/^reached .*201 calls\/s on 2 cores/)])
})

test('what was not measured is not told', () => {
  expect(goalLines(figures([]))).toEqual([])
})
