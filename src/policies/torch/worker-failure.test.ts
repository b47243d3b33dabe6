import { expect, test } from '@jest/globals'
import { EngineError, UsageError } from '../../core/errors.js'
import { workerEvent } from './worker-event.js'
import { toldFailure, type ToldFailure } from './worker-failure.js'

function told(event: object): ToldFailure {
  const parsed = workerEvent.parse({ id: 1, status: 'failed', traceback: 'at line 1', ...event })
  if (parsed.status !== 'failed') throw new Error('expected a failure')
  return toldFailure(parsed)
}

test('a file that could not be written is an error of the system, and the engine goes on', () => {
  const { error, isFatal } = told({
    ...{ kind: 'unwritten', code: 'ENOSPC' },
    message: 'NotWritten: ENOSPC: I/O error: No space left on device (os error 28)',
  })
  expect(isFatal).toBe(false)
  expect(error).toMatchObject({
    code: 'ENOSPC',
    message: 'ENOSPC: I/O error: No space left on device (os error 28)',
  })
})

test('what is refused leaves the engine as it was', () => {
  const { error, isFatal } = told({ kind: 'refused', message: 'Refusal: expected another folder' })
  expect(isFatal).toBe(false)
  expect(error).toEqual(new UsageError('expected another folder'))
})

test('a defect ends the engine, and is told with its trace', () => {
  const { error, isFatal } = told({ kind: 'defect', message: 'KeyError: x' })
  expect(isFatal).toBe(true)
  expect(error).toBeInstanceOf(EngineError)
  expect(error.message).toMatch(/KeyError: x\nat line 1$/)
})
