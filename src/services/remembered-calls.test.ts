import { expect, test } from '@jest/globals'
import { RememberedCalls } from './remembered-calls.js'

const signal = new AbortController().signal
const call = { id: 'a', fingerprint: 'f', signal }

test('a call that comes twice in one moment runs once', async () => {
  const calls = new RememberedCalls<number>({ limit: 2 })
  let runs = 0
  const run = async (): Promise<number> => (runs += 1)
  expect(await Promise.all([calls.once({ ...call, run }), calls.once({ ...call, run })])).toEqual([1, 1])
})

test('a call that the machine failed is forgotten, and runs when it is sent again', async () => {
  const calls = new RememberedCalls<string>({ limit: 1 })
  const failed = calls.once({ ...call, run: async () => Promise.reject(new Error('host gone')) })
  await expect(failed).rejects.toThrow('host gone')
  expect(await calls.once({ ...call, run: async () => 'answer' })).toBe('answer')
  expect(calls.underWay).toBe(0)
})

test('a call that came to its end although its client had gone keeps its answer', async () => {
  const calls = new RememberedCalls<string>({ limit: 1 })
  let finish: (answer: string) => void = () => undefined
  const gone = new AbortController()
  const first = calls.once({
    ...call,
    signal: gone.signal,
    run: () => new Promise((resolve) => (finish = resolve)),
  })
  gone.abort(new Error('gone'))
  await expect(first).rejects.toThrow('gone')
  const second = calls.once({ ...call, run: async () => 'another run' })
  finish('the first run')
  expect(await second).toBe('the first run')
})

test('a call that ended because its client had gone makes room for another run', async () => {
  const calls = new RememberedCalls<string>({ limit: 1 })
  const gone = new AbortController()
  const first = calls.once({
    ...call,
    signal: gone.signal,
    run: (aborted) =>
      new Promise((_, reject) => aborted.addEventListener('abort', () => reject(aborted.reason as Error))),
  })
  gone.abort(new Error('gone'))
  await expect(first).rejects.toThrow('gone')
  const second = calls.once({ ...call, run: async () => 'another run' })
  expect(await second).toBe('another run')
})

test('a call that is refused before it begins is forgotten, and none is under way', async () => {
  const calls = new RememberedCalls<string>({ limit: 1 })
  const run = (): Promise<string> => {
    throw new Error('no room')
  }
  await expect(calls.once({ ...call, run })).rejects.toThrow('no room')
  expect([calls.underWay, calls.size]).toEqual([0, 0])
})
