import { describe, expect, test } from '@jest/globals'
import type { Sample } from '../../core/sample.js'
import { testSample } from '../../store/testing/sample.js'
import { failureCounter, renderFailures } from './failures.js'

const failed = (taskId: string, outcome: Sample['outcome'], message: string, fault?: 'data'): Sample => ({
  ...testSample({ taskKey: taskId }),
  taskId,
  outcome,
  error: { name: 'Error', message, ...(fault && { fault }) },
})

describe('failureCounter', () => {
  test('groups what differs in numbers only, the most frequent first, and leaves out what was scored', () => {
    const counter = failureCounter()
    counter.add({ ...failed('z', 'wrong', ''), error: null })
    counter.add(failed('a', 'sandbox-error', 'The host is gone.'))
    counter.add(failed('b', 'model-error', 'Gave up after 6 attempts.\nMore.'))
    counter.add(failed('c', 'model-error', 'Gave up after 5 attempts.'))
    expect(counter.groups()).toEqual([
      { ending: 'model-error', reason: 'Gave up after 6 attempts.', count: 2, sampleIds: ['b', 'c'] },
      { ending: 'sandbox-error', reason: 'The host is gone.', count: 1, sampleIds: ['a'] },
    ])
  })

  test('gives the group of a sample that is the first of its reason, and else none', () => {
    const counter = failureCounter()
    expect(counter.add(failed('a', 'model-error', 'No.'))).toMatchObject({ reason: 'No.', count: 1 })
    expect(counter.add(failed('b', 'model-error', 'No.'))).toBeNull()
    expect(counter.add({ ...failed('c', 'wrong', ''), error: null })).toBeNull()
    expect(counter.add(failed('c', 'sandbox-error', 'No.'))).toMatchObject({ ending: 'sandbox-error' })
  })

  test('names a few of many samples', () => {
    const counter = failureCounter()
    for (let at = 0; at < 40; at++) counter.add(failed(`row-${at}`, 'model-error', 'No.'))
    expect(counter.groups()).toMatchObject([{ count: 40, sampleIds: { length: 5 } }])
  })
})

describe('renderFailures', () => {
  test('says how often, why and where, and what no resumption will help', () => {
    const counter = failureCounter()
    counter.add(failed('a', 'model-error', 'answered 500'))
    counter.add(failed('b', 'model-error', 'answered 500'))
    counter.add(failed('c', 'sandbox-error', 'image 0 cannot be used: it is damaged.', 'data'))
    expect(renderFailures(counter.groups())).toEqual([
      'Failed, tried again by --resume:',
      '  2 × model-error: answered 500 (sample a)',
      'Excluded for good, since the data is at fault:',
      '  1 × unusable: image 0 cannot be used: it is damaged. (sample c)',
    ])
  })

  test('says nothing where nothing failed', () => {
    expect(renderFailures([])).toEqual([])
  })
})
