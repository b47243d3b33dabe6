import { randomBytes } from 'node:crypto'
import { expect, test } from '@jest/globals'
import sharp from 'sharp'
import { ModelError } from '../../core/errors.js'
import { createOcrPool } from './ocr-pool.js'
import { startOcrWorker } from './ocr-worker.js'

function pageOf(text: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="160"><rect width="480" height="160" fill="white"/>
    <text x="40" y="70" font-family="DejaVu Sans" font-size="40">${text}</text></svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}

/** Noise, over which the engine spends minutes. */
function endless(): Promise<Buffer> {
  const side = 3_000
  return sharp(randomBytes(side * side), { raw: { width: side, height: side, channels: 1 } })
    .png({ compressionLevel: 0 })
    .toBuffer()
}

test('a reading that is aborted gives its only worker to the next caller, and one that waits is dropped', async () => {
  const lives = { started: 0, ended: 0 }
  let reads = (): void => undefined
  const reading = new Promise<void>((resolve) => (reads = resolve))
  const pool = createOcrPool({
    size: 1,
    startWorker: async () => {
      lives.started += 1
      const worker = await startOcrWorker()
      return {
        recognize: (...parameters) => {
          reads()
          return worker.recognize(...parameters)
        },
        terminate: async () => {
          lives.ended += 1
          return worker.terminate()
        },
      }
    },
  })
  try {
    const [slow, dropped] = [new AbortController(), new AbortController()]
    const first = pool.read({ image: await endless(), layout: 'sparse', signal: slow.signal })
    const second = pool.read({ image: await pageOf('never'), layout: 'block', signal: dropped.signal })
    const third = pool.read({ image: await pageOf('TOTAL 99.66'), layout: 'block' })
    await reading
    dropped.abort(new Error('not wanted'))
    await expect(second).rejects.toThrow('not wanted')
    slow.abort(new Error('too late'))
    await expect(first).rejects.toThrow('too late')
    expect((await third).map(({ text }) => text)).toEqual(['TOTAL', '99.66'])
    expect(lives).toEqual({ started: 2, ended: 1 })
  } finally {
    await pool.close()
  }
  expect(lives).toEqual({ started: 2, ended: 2 })
})

test('a worker that does not start is told, and tried again at the next reading', async () => {
  let isBroken = true
  const pool = createOcrPool({
    size: 1,
    startWorker: () => (isBroken ? Promise.reject(new ModelError('no data')) : startOcrWorker()),
  })
  try {
    await expect(pool.start()).rejects.toThrow('no data')
    const image = await pageOf('TOTAL')
    await expect(pool.read({ image, layout: 'block' })).rejects.toThrow('no data')
    isBroken = false
    expect(await pool.read({ image, layout: 'block' })).toMatchObject([{ text: 'TOTAL' }])
  } finally {
    await pool.close()
  }
})

test('a reading fails when its pool is closed', async () => {
  const pool = createOcrPool({ size: 1 })
  const read = pool.read({ image: await endless(), layout: 'sparse' })
  const failed = expect(read).rejects.toThrow('closed while it read')
  await pool.close()
  await failed
})
