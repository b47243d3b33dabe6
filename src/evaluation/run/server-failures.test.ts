import { describe, expect, test } from '@jest/globals'
import { EngineError, JudgeError, ModelCapError, ModelError, SandboxError } from '../../core/errors.js'
import { isServerFailure, serverFailures, stopAfterFailures } from './server-failures.js'

const refused = (status: number): ModelError => new ModelError('No.', { status, attempts: 1 })

describe('a failure of the server', () => {
  test.each([
    ['no connection', new ModelError('No.', { attempts: 6 })],
    ['a server that failed', refused(503)],
    ['a rate limit that no repetition outlasts', refused(429)],
    ['a key that is not valid any more', refused(401)],
    ['a model that is not there any more', refused(404)],
    ['an engine that is gone', new EngineError('Gone.')],
  ])('is %s', (_name, error) => expect(isServerFailure(error)).toBe(true))

  test.each([
    ['a request that is refused', refused(400)],
    ['an image that is too large', refused(413)],
    ['a full context', new ModelError('No.', { status: 400, attempts: 1, isContextFull: true })],
    ['an answer without end', refused(200)],
    ['a recorded run that lacks a turn', new ModelError('No turn.')],
    ['a cap', new ModelCapError('Reached.')],
    ['a judge that fails', new JudgeError('No.', { attempts: 6 })],
    ['a sandbox that fails', new SandboxError('Gone.')],
  ])('is not %s', (_name, error) => expect(isServerFailure(error)).toBe(false))
})

test('only answers begin the count anew: what else failed in between changes nothing', () => {
  const failures = serverFailures({ limit: 3 })
  const ends = [
    refused(500),
    refused(500),
    null,
    refused(500),
    refused(400),
    new SandboxError('x'),
    refused(500),
  ]
  for (const end of ends) expect(failures.add(end)).toBeNull()
  expect(failures.add(refused(500))).toMatch(/failed 3 samples in a row .*The last: No\./)
})

test('by default, the more samples run at the same time, the more must fail', () => {
  expect([1, 4, 32].map((concurrency) => stopAfterFailures({ concurrency }))).toEqual([20, 80, 640])
})
