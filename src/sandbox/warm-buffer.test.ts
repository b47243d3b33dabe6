import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { WarmBuffer } from './warm-buffer.js'

const SIZE = 1 << 20

/** The backing memory of the buffer that is taken once one is ready. */
async function warmed(buffers: WarmBuffer, size: number): Promise<Buffer> {
  buffers.warm(size)
  await sleep(200)
  return buffers.take(size)
}

test('a buffer that was made ready is handed out once', async () => {
  const buffers = new WarmBuffer()
  const first = await warmed(buffers, SIZE)
  const second = buffers.take(SIZE)
  expect([first.length, second.length]).toEqual([SIZE, SIZE])
  expect(first.every((byte) => byte === 0)).toBe(true)
  expect(second.buffer).not.toBe(first.buffer)
})

test('a spare buffer serves what is a little smaller, and nothing larger', async () => {
  const buffers = new WarmBuffer()
  buffers.warm(SIZE)
  await sleep(200)
  expect(buffers.take(SIZE + 1).buffer.byteLength).toBe(SIZE + 1)
  expect(buffers.take(SIZE - 1).buffer.byteLength).toBe(SIZE)
})

test('what is small, or far smaller than the spare, gets a buffer of its own size', async () => {
  const buffers = new WarmBuffer()
  buffers.warm(SIZE)
  await sleep(200)
  expect(buffers.take(SIZE / 4).buffer.byteLength).toBeLessThan(SIZE)
  expect(buffers.take(SIZE).buffer.byteLength).toBe(SIZE)
})
