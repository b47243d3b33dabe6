import { describe, expect, test } from '@jest/globals'
import { createAimdLimiter, type Pressure } from './aimd.js'

class Refusal extends Error {
  constructor(readonly pressure: Pressure) {
    super(pressure)
  }
}

const limiterOf = (maximum: number) =>
  createAimdLimiter({
    maximum,
    pressureOf: (error) => (error instanceof Refusal ? error.pressure : 'none'),
  })

const refuse = (limiter: ReturnType<typeof limiterOf>, pressure: Pressure) =>
  limiter.run(() => Promise.reject(new Refusal(pressure))).catch(() => undefined)

const succeed = async (limiter: ReturnType<typeof limiterOf>, times: number) => {
  for (let i = 0; i < times; i++) await limiter.run(() => Promise.resolve())
}

describe('createAimdLimiter', () => {
  test('never runs more tasks at once than the limit', async () => {
    const limiter = limiterOf(3)
    let running = 0
    let most = 0
    const task = async () => {
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running -= 1
    }
    await Promise.all(Array.from({ length: 20 }, () => limiter.run(task)))
    expect(most).toBe(3)
  })

  test('a rate limit halves the places, down to one', async () => {
    const limiter = limiterOf(8)
    const limits = []
    for (let i = 0; i < 4; i++) {
      await refuse(limiter, 'rate-limit')
      limits.push(limiter.limit)
    }
    expect(limits).toEqual([4, 2, 1, 1])
  })

  test('one overload that refuses all running calls halves once', async () => {
    const limiter = limiterOf(8)
    await Promise.all(Array.from({ length: 8 }, () => refuse(limiter, 'rate-limit')))
    expect(limiter.limit).toBe(4)
  })

  test('a round of successes adds one place, never past the maximum', async () => {
    const limiter = limiterOf(8)
    await refuse(limiter, 'rate-limit')
    await succeed(limiter, 3)
    expect(limiter.limit).toBe(4)
    // 4 + 1/4 + 1/4.25 + 1/4.49 + 1/4.71 = 4.92, and the fifth success passes 5.
    await succeed(limiter, 2)
    expect(limiter.limit).toBe(5)
    await succeed(limiter, 100)
    expect(limiter.limit).toBe(8)
  })

  test('trouble of the server does not lower the limit, but stops the growth of calls that were under way', async () => {
    const limiter = limiterOf(4)
    await refuse(limiter, 'rate-limit')
    let finish = (): void => undefined
    const underWay = limiter.run(() => new Promise<void>((resolve) => (finish = resolve)))
    await refuse(limiter, 'trouble')
    expect(limiter.limit).toBe(2)
    finish()
    await underWay
    // 2 + 1/2 + 1/2.5 = 2.9: with the call that was under way it would have been 3.2.
    await succeed(limiter, 2)
    expect(limiter.limit).toBe(2)
    await succeed(limiter, 1)
    expect(limiter.limit).toBe(3)
  })

  test('other errors change nothing', async () => {
    const limiter = limiterOf(4)
    await refuse(limiter, 'none')
    expect(limiter.limit).toBe(4)
  })

  test('a call that is aborted while it waits rejects at once and never runs', async () => {
    const limiter = limiterOf(1)
    let finish = (): void => undefined
    const first = limiter.run(() => new Promise<void>((resolve) => (finish = resolve)))
    const controller = new AbortController()
    let ran = false
    const second = limiter.run(
      () => {
        ran = true
        return Promise.resolve()
      },
      { signal: controller.signal },
    )
    controller.abort()
    await expect(second).rejects.toThrow('aborted')
    finish()
    await first
    await limiter.run(() => Promise.resolve())
    expect(ran).toBe(false)
  })
})
