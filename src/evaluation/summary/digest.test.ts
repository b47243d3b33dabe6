import { expect, test } from '@jest/globals'
import type { ExecutionRecord, Operation } from '../../core/execution.js'
import type { Sample } from '../../core/sample.js'
import { digestOf } from './digest.js'
import { testSample, trajectoryOf } from '../testing/samples.js'

const operation = (op: string | null, verified = true): Operation => ({
  ...{ op, call: 'call', args: [], affine: null, box: null, verified },
})

function execution(status: 'ok' | 'error', operations: Operation[]): ExecutionRecord {
  const trace = { stdout: '', operations, durationMs: 1 }
  return status === 'ok'
    ? {
        ...trace,
        status,
        image: { sha256: 'f', width: 1, height: 1, mode: 'RGB', sourceMode: 'RGB' },
        unchanged: false,
        imageIndex: 1,
      }
    : {
        ...trace,
        ...{ status, kind: 'runtime', type: 'NameError', message: '', traceback: '', line: 1 },
      }
}

test('tools outside the core set count once, where the call had a result and the pixels bear them out', () => {
  const calls = [
    execution('error', [operation('blur')]),
    execution('ok', [operation('contrast_up'), operation('crop'), operation('resize', false)]),
    execution('ok', [
      operation('autocontrast'),
      operation('contrast_up'),
      operation('rotate_90'),
      operation(null),
    ]),
  ].map((execution, turn) => ({ turn, call: { code: '' }, execution }))
  const sample = testSample({ name: 'a', trajectory: { ...trajectoryOf({ answer: 'a' }), calls, turns: 4 } })
  expect(digestOf(sample).rollout).toEqual({
    ...{ turns: 4, calls: 3, failedCalls: 1, malformedCalls: 0, recovered: true },
    emergentTools: ['autocontrast', 'contrast_up'],
  })
})

test('a sample is its own cluster, with its other epochs, unless the row belongs to one', () => {
  expect(digestOf(testSample({ name: 'a', epoch: 2 }))).toMatchObject({
    taskKey: 'a',
    cluster: 'a',
    epoch: 2,
  })
  expect(digestOf(testSample({ name: 'a', cluster: 'q' })).cluster).toBe('q')
})

test('category, rotation and partial credit come with it', () => {
  const sample = testSample({
    name: 'a',
    category: 'single',
    metadata: { cycle_category: 3 },
    score: { value: 0.5 },
  })
  expect(digestOf(sample)).toMatchObject({ category: 'single', rotation: '3', value: 0.5 })
  expect(digestOf(testSample({ name: 'a' }))).toMatchObject({ category: null, rotation: null, value: null })
})

test('a sample is of the benchmark whose rules score it, whatever its suite is named', () => {
  const scorer = (changes: Partial<Sample>): string => digestOf(testSample({ name: 'a', ...changes })).scorer
  expect(scorer({ suite: 'my-charts', scorer: 'chartqapro' })).toBe('chartqapro')
  expect(scorer({ suite: 'ocrbench-style', scorer: 'vstar' })).toBe('vstar')
  // Of a version that kept no scorer.
  expect(scorer({ suite: 'ocrbench' })).toBe('ocrbench')
  expect(scorer({ suite: 'ocrbench-style' })).toBe('none')
})
