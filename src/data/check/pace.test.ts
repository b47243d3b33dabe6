import { expect, test } from '@jest/globals'
import { createPace } from './pace.js'

/** Keep the processor busy for longer than a turn. */
const work = (): void => {
  const end = performance.now() + 80
  while (performance.now() < end);
}

test('a long computation tells how far it is, lets timers run, and ends when it is aborted', async () => {
  const stop = new AbortController()
  const turns: number[] = []
  const pace = createPace({ signal: stop.signal, onTurn: (steps) => turns.push(steps) })
  await pace()
  setTimeout(() => stop.abort(), 1)
  const computing = async (): Promise<void> => {
    for (let step = 0; step < 100; step++) {
      work()
      await pace()
    }
  }
  await expect(computing()).rejects.toThrow(/abort/)
  expect(turns.length).toBeLessThan(10)
  expect(turns[0]).toBe(2)
})
