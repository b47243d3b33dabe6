import { expect, test } from '@jest/globals'
import { testSample } from '../store/testing/sample.js'
import type { TrainingEvent } from '../training/loop/training-event.js'
import { countFailures } from './count-failures.js'

const failure = (taskId: string, message: string): TrainingEvent => ({
  ...{ type: 'failed', step: 1 },
  sample: {
    ...testSample({ taskKey: taskId }),
    taskId,
    outcome: 'model-error',
    error: { name: 'Error', message },
  },
})

test('the first failure of each reason is told at once, and all are counted at the end with what helps', () => {
  const told: string[] = []
  const failures = countFailures({ tell: (line) => told.push(line) })
  failures.onEvent(failure('a', 'The question is 640 tokens long, it may have 512.'))
  failures.onEvent(failure('b', 'The question is 641 tokens long, it may have 512.'))
  failures.onEvent(failure('c', 'The server is gone.'))
  expect(told).toEqual([
    'A rollout failed, model-error: The question is 640 tokens long, it may have 512. (sample a)',
    'A rollout failed, model-error: The server is gone. (sample c)',
  ])
  expect(failures.warning()?.split('\n')).toEqual([
    'Warning: 3 rollouts failed, and were neither learned from nor measured:',
    '  2 × model-error: The question is 640 tokens long, it may have 512. (sample a)',
    '  1 × model-error: The server is gone. (sample c)',
    'Mend what is named, or leave such rows out of the data.',
  ])
})

test('of many reasons a few are told', () => {
  const told: string[] = []
  const failures = countFailures({ tell: (line) => told.push(line) })
  for (let at = 0; at < 26; at++) failures.onEvent(failure('a', `no ${String.fromCharCode(97 + at)}`))
  expect(told).toHaveLength(10)
  const lines = failures.warning()?.split('\n') ?? []
  expect(lines).toHaveLength(13)
  expect(lines[11]).toBe('  16 for other reasons: `error` in samples.jsonl')
})

test('where nothing failed nothing is warned of', () => {
  const failures = countFailures({ tell: () => undefined })
  failures.onEvent({ type: 'started', step: 0, until: 1, total: 1 })
  expect(failures.warning()).toBeNull()
})
