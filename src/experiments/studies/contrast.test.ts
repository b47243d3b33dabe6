import { expect, test } from '@jest/globals'
import { newcombePaired } from '../../evaluation/statistics/newcombe-paired.js'
import { contrastOf } from './contrast.js'
import { MEASURES } from './measures.js'
import type { TaskRecord } from './task-record.js'

function record(key: string, changes: Partial<TaskRecord> = {}): TaskRecord {
  return {
    ...{ key, cluster: key, transform: 'none', requiredTools: 0, isCorrect: false },
    ...{ needsCrop: false, toolTurns: 0, superfluousTurns: 0, tokens: 0, isTurnedBack: false },
    ...changes,
  }
}
const right = (...keys: string[]): TaskRecord[] =>
  ['a', 'b', 'c', 'd'].map((key) => record(key, { isCorrect: keys.includes(key) }))

test('with one seed a share is compared task by task, with the interval of paired proportions', () => {
  const contrast = contrastOf({
    measure: MEASURES.accuracy,
    seeds: [{ of: right('a', 'b', 'c'), against: right('a', 'd') }],
  })
  expect(contrast).toMatchObject({ of: 0.75, against: 0.5, difference: 0.25, basis: 'tasks', tasks: 4 })
  // a both, d only the second, b and c only the first.
  expect(contrast?.interval).toEqual(newcombePaired({ both: 1, first: 1, second: 2, neither: 0 }))
})

test('counts are compared by the t interval over tasks', () => {
  const turns = (...values: number[]): TaskRecord[] =>
    values.map((toolTurns, at) => record(`task-${at}`, { toolTurns }))
  const contrast = contrastOf({
    measure: MEASURES.toolTurns,
    seeds: [{ of: turns(2, 3, 4), against: turns(1, 1, 1) }],
  })
  // Differences 1, 2, 3: mean 2, deviation 1, t of two degrees 4.3027.
  expect(contrast?.difference).toBe(2)
  expect(contrast?.interval?.[0]).toBeCloseTo(2 - 4.30265 / Math.sqrt(3), 4)
})

test('variants of one question are no independent tasks', () => {
  const cluster = (records: TaskRecord[]): TaskRecord[] => records.map((one) => ({ ...one, cluster: 'same' }))
  const contrast = contrastOf({
    measure: MEASURES.accuracy,
    seeds: [{ of: cluster(right('a', 'b')), against: cluster(right()) }],
  })
  expect(contrast).toMatchObject({ difference: 0.5, interval: null })
})

test('with several seeds the interval is over the differences of trainings', () => {
  const arm = (count: number): TaskRecord[] =>
    Array.from({ length: 10 }, (_, at) => record(`task-${at}`, { isCorrect: at < count }))
  const contrast = contrastOf({
    measure: MEASURES.accuracy,
    seeds: [5, 6, 7].map((count) => ({ of: arm(count), against: arm(4) })),
  })
  // 0.1, 0.2, 0.3: mean 0.2, standard error 0.1 / √3, t of two degrees 4.3027.
  expect(contrast?.basis).toBe('seeds')
  expect(contrast?.tasks).toBe(30)
  expect(contrast?.interval?.[0]).toBeCloseTo(0.2 - (4.30265 * 0.1) / Math.sqrt(3), 4)
  expect(contrast?.interval?.[1]).toBeCloseTo(0.2 + (4.30265 * 0.1) / Math.sqrt(3), 4)
})

test('variants that are answered alike by both arms are no certainty', () => {
  const variants = right('a').map((one) => ({ ...one, cluster: `of ${one.key === 'a' ? 'a' : 'others'}` }))
  const seeds = [{ of: variants, against: variants }]
  expect(contrastOf({ measure: MEASURES.accuracy, seeds })).toMatchObject({ difference: 0, interval: null })
})

test('trainings that happen to differ alike say nothing of others', () => {
  const seeds = Array.from({ length: 2 }, () => ({ of: right('a', 'b'), against: right('a') }))
  expect(contrastOf({ measure: MEASURES.accuracy, seeds })).toMatchObject({
    difference: 0.25,
    interval: null,
  })
})

test('tasks that only one arm was asked are in no difference; without a common one there is none', () => {
  const [a, b] = [record('a', { isCorrect: true }), record('b')]
  expect(contrastOf({ measure: MEASURES.accuracy, seeds: [{ of: [a, b], against: [a] }] })).toMatchObject({
    tasks: 1,
    difference: 0,
  })
  expect(contrastOf({ measure: MEASURES.accuracy, seeds: [{ of: [a], against: [b] }] })).toBeNull()
  expect(contrastOf({ measure: MEASURES.accuracy, seeds: [] })).toBeNull()
})
