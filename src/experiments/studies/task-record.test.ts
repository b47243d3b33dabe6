import { expect, test } from '@jest/globals'
import type { Operation } from '../../core/execution.js'
import type { Trajectory, TrajectoryCall } from '../../core/trajectory.js'
import { testSample } from '../../store/testing/sample.js'
import { taskRecord } from './task-record.js'

function call(op: string, { verified = true, ok = true } = {}): TrajectoryCall {
  const operation: Operation = { op, call: op, args: [], affine: null, box: null, verified }
  const image = { sha256: 'a', width: 1, height: 1, mode: 'RGB' as const, sourceMode: 'RGB' }
  const common = { stdout: '', operations: [operation], durationMs: 1 }
  return {
    turn: 0,
    call: { code: op, imageIndex: 0 },
    execution: ok
      ? { ...common, status: 'ok', image, unchanged: false, imageIndex: 1 }
      : { ...common, status: 'error', kind: 'runtime', type: null, message: '', traceback: '', line: null },
  }
}

function trajectory(...calls: TrajectoryCall[]): Trajectory {
  return {
    ...{ messages: [], images: [], calls, turns: calls.length + 1, malformedCalls: 0, stop: 'answer' },
    usage: { promptTokens: 5, completionTokens: 7 },
  }
}

test('what undoes the transformation counts where the pixels bear it out', () => {
  const turned = (...calls: TrajectoryCall[]): boolean | undefined =>
    taskRecord(testSample({ transform: 'rotate_90', trajectory: trajectory(...calls) }))?.isTurnedBack
  expect(turned(call('rotate_270'))).toBe(true)
  expect(turned(call('crop'), call('rotate_270'))).toBe(true)
  expect(turned(call('rotate_90'))).toBe(false)
  expect(turned(call('rotate_270', { verified: false }))).toBe(false)
  expect(turned(call('rotate_270', { ok: false }))).toBe(false)
  expect(turned()).toBe(false)
})

test('calls beyond the required tools are superfluous, failed ones too', () => {
  const sample = testSample({
    transform: 'flip_vertical',
    requiredTools: ['flip_vertical', 'crop'],
    trajectory: trajectory(call('flip_vertical'), call('crop'), call('crop', { ok: false })),
  })
  expect(taskRecord(sample)).toMatchObject({
    ...{ key: 'task', toolTurns: 3, superfluousTurns: 1, tokens: 7, requiredTools: 2, needsCrop: true },
    ...{ isCorrect: true, isTurnedBack: true },
  })
  const none = testSample({ outcome: 'wrong', trajectory: trajectory(call('rotate_90')) })
  expect(taskRecord(none)).toMatchObject({
    requiredTools: 0,
    superfluousTurns: 1,
    isTurnedBack: false,
    isCorrect: false,
  })
})

test('what the machine failed has no record', () => {
  expect(taskRecord(testSample({ outcome: 'sandbox-error' }))).toBeNull()
})
