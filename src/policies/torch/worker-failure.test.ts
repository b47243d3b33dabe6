import { expect, test } from '@jest/globals'
import type { MemorySettings } from '../../config/memory-settings.js'
import { EngineError, UsageError } from '../../core/errors.js'
import { workerEvent } from './worker-event.js'
import { adviceOnDeath, toldFailure, type ToldFailure } from './worker-failure.js'

const memory = {
  ...{ atOnce: ['model.batchTokens', 'training.concurrency'], images: 'agent.maxPixels' },
  ...{ turnTokens: 'agent.tokensPerTurn', adapters: 'model.train: lora' },
}

function told(event: object, given: MemorySettings = memory): ToldFailure {
  const parsed = workerEvent.parse({ id: 1, status: 'failed', traceback: 'at line 1', ...event })
  if (parsed.status !== 'failed') throw new Error('expected a failure')
  return toldFailure({ failure: parsed, memory: given })
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

test('where the memory is full, the settings are named that whoever opened the policy has', () => {
  const full = { kind: 'memory', message: 'OutOfMemoryError: CUDA out of memory' }
  const { error, isFatal } = told(full)
  expect(isFatal).toBe(true)
  expect(error.message).toBe(
    'The torch engine ran out of memory and was ended: OutOfMemoryError: CUDA out of memory\nLower what is computed at once (model.batchTokens, training.concurrency), the images (agent.maxPixels) or the tokens of a turn (agent.tokensPerTurn), train adapters (model.train: lora), or take a larger device.',
  )
  const few = told(full, { atOnce: ['samplesAtOnce'], images: null, turnTokens: null, adapters: null })
  expect(few.error.message).toMatch(
    /\nLower what is computed at once \(samplesAtOnce\), or take a larger device\.$/,
  )
  expect(adviceOnDeath(memory)).toContain('(model.batchTokens, training.concurrency)')
})
