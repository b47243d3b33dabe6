import { expect, test } from '@jest/globals'
import { CallMeter } from './call-meter.js'

/** A call that ends when the test says so. */
function held(meter: CallMeter): { end: () => void; call: Promise<void> } {
  let end = (): void => undefined
  const until = new Promise<void>((resolve) => (end = resolve))
  return { end, call: meter.measure(() => until) }
}

test('calls that run do not count as waiting', async () => {
  const meter = new CallMeter({ maxQueue: 10, running: () => 2 })
  const calls = [1, 2, 3, 4, 5].map(() => held(meter))
  expect(meter.queued).toBe(3)
  for (const { end } of calls) end()
  await Promise.all(calls.map(({ call }) => call))
  expect([meter.queued, meter.calls]).toEqual([0, 5])
})

test('one call more than may wait is refused, with what to do, and harms no other', async () => {
  const meter = new CallMeter({ maxQueue: 2, running: () => 1 })
  const calls = [1, 2, 3].map(() => held(meter))
  await expect(held(meter).call).rejects.toMatchObject({
    name: 'SandboxError',
    isRetryable: true,
    message: expect.stringContaining('maxQueue'),
  })
  for (const { end } of calls) end()
  await Promise.all(calls.map(({ call }) => call))
  await meter.measure(async () => undefined)
  expect(meter.calls).toBe(4)
})

test('a call that fails counts and is forgotten by the queue', async () => {
  const meter = new CallMeter({ maxQueue: 1, running: () => 0 })
  await expect(
    meter.measure(async () => {
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect([meter.queued, meter.calls]).toEqual([0, 1])
})

test('the 95th percentile is that of the last calls, and there is none before the first', async () => {
  const meter = new CallMeter({ maxQueue: 1, running: () => 0 })
  expect(meter.p95Ms).toBeNull()
  await meter.measure(() => new Promise((resolve) => setTimeout(resolve, 60)))
  expect(meter.p95Ms).toBeGreaterThanOrEqual(55)
  for (let call = 0; call < 1_000; call += 1) await meter.measure(async () => undefined)
  expect(meter.p95Ms).toBeLessThan(55)
})
