import { describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import type { HostTool, ToolImage } from '../../core/host-tool.js'
import { checkTools, type CheckedTool } from './check-tools.js'
import { readArguments } from './read-arguments.js'
import type { ToolRequest } from './tool-request.js'

const PARAMETERS: HostTool['parameters'] = {
  first: 'image',
  second: { type: 'image', optional: true },
  how: { type: 'choice', choices: ['a', 'b'], optional: true },
  scale: { type: 'number', optional: true },
  data: { type: 'json', optional: true },
}
const tool = checked(PARAMETERS)
const PIXELS = Buffer.from([1, 2, 3, 4, 5, 6, 7])
const images: ToolRequest['images'] = [
  { mode: 'RGB', width: 2, height: 1 },
  { mode: 'L', width: 1, height: 1 },
]

function checked(parameters: HostTool['parameters'], maxBytes = 1_000): CheckedTool {
  const [first] = checkTools({
    show: { parameters, result: 'json', limits: { maxBytes }, call: async () => null },
  })
  if (!first) throw new Error('no tool')
  return first
}

function read(given: Record<string, unknown>, options: { tool?: CheckedTool; pixels?: Buffer } = {}) {
  const request: ToolRequest = { event: 'tool', id: 1, request: 1, tool: 'show', arguments: given, images }
  return readArguments({
    tool: options.tool ?? tool,
    request,
    pixels: async () => options.pixels ?? PIXELS,
  })
}

describe('readArguments', () => {
  test('gives plain values as they are and images with their own pixels', async () => {
    const args = await read({ first: 1, second: 0, how: 'b', scale: 0.5, data: [{ a: null }] })
    expect(args).toMatchObject({ how: 'b', scale: 0.5, data: [{ a: null }] })
    expect(args['first']).toMatchObject({ mode: 'L', width: 1, height: 1, pixels: Buffer.from([7]) })
    const image = args['second'] as ToolImage
    expect(image.pixels).toEqual(PIXELS.subarray(0, 6))
    const { data, info } = await sharp(await image.png())
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([info.width, info.height, info.channels, [...data]]).toEqual([2, 1, 3, [1, 2, 3, 4, 5, 6]])
  })

  test.each([
    [{}, 'first is missing'],
    [{ first: 2 }, 'first: expected an image'],
    [{ first: 0.5 }, 'first: expected an image'],
    [{ first: 'length' }, 'first: expected an image'],
    [{ first: 0, how: 'c' }, 'how: expected one of a, b'],
    [{ first: 0, scale: '1' }, 'scale: expected a number'],
    [{ first: 0, scale: null }, 'scale: expected a number'],
    [{ first: 0, constructor: 1 }, 'there is no parameter constructor'],
    [JSON.parse('{"first": 0, "__proto__": 1}'), 'there is no parameter __proto__'],
    [{ first: 0, data: 'x'.repeat(4_000) }, 'more than may be sent'],
  ])('refuses %j', async (given, words) => {
    await expect(read(given as Record<string, unknown>)).rejects.toThrow(words)
  })

  test('lets pass what is shorter where Python writes and counts it', async () => {
    // There 9,001 × `1e+20, `.
    const data = Array.from({ length: 9_001 }, () => 1e20)
    const roomy = checked(PARAMETERS, 100_000)
    expect(await read({ first: 0, data }, { tool: roomy })).toMatchObject({ data })
  })

  test('counts pixels before it reads them', async () => {
    const small = checked(PARAMETERS, 6)
    const request: ToolRequest = {
      ...{ event: 'tool', id: 1, request: 1, tool: 'show', arguments: { first: 0 } },
      images,
    }
    const pixels = (): Promise<Buffer> => Promise.reject(new Error('read'))
    await expect(readArguments({ tool: small, request, pixels })).rejects.toThrow('7 bytes of pixels')
  })
})
