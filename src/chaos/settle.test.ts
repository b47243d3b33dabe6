import { expect, test } from '@jest/globals'
import { SandboxError } from '../core/errors.js'
import { settle } from './settle.js'
import { newTally } from './tally.js'

test('a call that never ends is given up and counted', async () => {
  const tally = newTally()
  const action = (): Promise<never> => new Promise(() => undefined)
  expect(await settle({ tally, what: 'a call', action, hungAfterMs: 20 })).toEqual({ how: 'given up' })
  expect(tally).toMatchObject({ hung: 1, inFlight: 0, violations: ['hung: a call did not end within 20 ms'] })
})

test('a call is made again as long as the sandbox asks for it', async () => {
  const tally = newTally()
  let left = 2
  const action = async (): Promise<string> => {
    if (left-- > 0) throw new SandboxError('full', { isRetryable: true })
    return 'done'
  }
  expect(await settle({ tally, what: 'a call', action })).toEqual({ how: 'value', value: 'done' })
  expect(tally).toMatchObject({ refused: 2, calls: 1, starved: 0 })
})

test('another error is handed on', async () => {
  const error = new SandboxError('no such runtime')
  const settled = await settle({
    tally: newTally(),
    what: 'a call',
    action: async () => {
      throw error
    },
  })
  expect(settled).toEqual({ how: 'error', error })
})
