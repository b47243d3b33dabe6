import { describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import type { ToolResult } from '../../core/host-tool.js'
import { ToolRefusal } from './tool-refusal.js'
import { writeAnswer, writeRefusal } from './write-answer.js'

const LIMITS = { maxCalls: 1, maxPerMinute: 1, timeoutMs: 1, maxBytes: 10_000 }

async function answer(result: ToolResult, value: unknown, maxBytes = 10_000) {
  return unpack(await writeAnswer({ tool: { name: 'show', result, limits: { ...LIMITS, maxBytes } }, value }))
}

function unpack(bytes: Buffer): { told: unknown; pixels: number[] } {
  const end = 4 + bytes.readUInt32LE(0)
  return { told: JSON.parse(bytes.subarray(4, end).toString()), pixels: [...bytes.subarray(end)] }
}

describe('writeAnswer', () => {
  test.each([
    ['string', 'grüße'],
    ['number', 0.5],
    ['json', { a: [null, true] }],
    ['boxes', [{ box: [0, 0.5, 2, 3], text: 'x' }]],
    ['boxes', []],
  ] as const)('packs a result of type %s: %j', async (type, value) => {
    expect(await answer(type, value)).toEqual({ told: { value }, pixels: [] })
  })

  test('packs raw pixels and files of images alike', async () => {
    const raw = { width: 2, height: 1, mode: 'L', pixels: Buffer.from([5, 9]) }
    const expected = { told: { image: { width: 2, height: 1, mode: 'L' } }, pixels: [5, 9] }
    expect(await answer('image', raw)).toEqual(expected)
    const file = await sharp(Buffer.from([1, 2, 3, 4, 5, 6]), { raw: { width: 1, height: 2, channels: 3 } })
      .png()
      .toBuffer()
    expect(await answer('image', file)).toEqual({
      told: { image: { width: 1, height: 2, mode: 'RGB' } },
      pixels: [1, 2, 3, 4, 5, 6],
    })
  })

  test.each([
    ['string', 5, 'a string'],
    ['number', NaN, 'a number'],
    ['number', '5', 'a number'],
    ['json', undefined, 'plain data'],
    ['boxes', [{ text: 'x' }], 'a list of boxes'],
    ['boxes', [{ box: [1, 2, 3] }], 'a list of boxes'],
    ['boxes', [{ box: [0, 0, 1, 1], of: () => 1 }], 'a list of boxes'],
    ['image', 'x.png', 'an image'],
    ['image', Buffer.from('no image'), 'an image'],
    ['image', { width: 2, height: 2, mode: 'L', pixels: Buffer.alloc(3) }, 'an image'],
    ['image', { width: -1, height: -1, mode: 'L', pixels: Buffer.alloc(1) }, 'an image'],
  ] as const)('a tool of type %s that gives %p gave nothing', async (type, value, words) => {
    const failed = answer(type, value)
    await expect(failed).rejects.toBeInstanceOf(ToolRefusal)
    await expect(failed).rejects.toThrow(`tools.show: the tool did not give ${words}`)
  })

  test('more than the tool may give is refused', async () => {
    await expect(answer('string', 'x'.repeat(100), 50)).rejects.toThrow('more than the tool may give')
    const image = { width: 10, height: 10, mode: 'L', pixels: Buffer.alloc(100) }
    await expect(answer('image', image, 50)).rejects.toThrow('more than the tool may give')
  })
})

test('a refusal is told in a bounded message', () => {
  const { told } = unpack(writeRefusal(new ToolRefusal('failed', 'x'.repeat(5_000))))
  expect(told).toEqual({ error: 'x'.repeat(1_000) })
})
