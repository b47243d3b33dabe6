import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { SandboxError } from '../../core/errors.js'
import type { PixelMode } from '../../core/image.js'
import { CHANNELS } from '../../core/image.js'
import type { Affine } from './affine.js'
import type { Claim, Step } from './claim.js'
import { confirmOperations, type Confirmed } from './confirm-operations.js'
import { taskFrame } from './frame.js'
import { orientationMap } from './orientation.js'
import type { PixelFile } from './pixel-rows.js'

const WIDTH = 40
const HEIGHT = 30
type Picture = (x: number, y: number) => number[]

/** A colour for each position, unlike all others nearby. */
const noise: Picture = (x, y) => {
  const value = Math.imul(x * 7919 + y * 104729 + 1, 2654435761) >>> 0
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255]
}

let folder: string
let input: PixelFile
let count = 0

async function picture(
  width: number,
  height: number,
  colour: Picture,
  mode: PixelMode = 'RGB',
): Promise<PixelFile> {
  const path = join(folder, String((count += 1)))
  const bytes: number[] = []
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) bytes.push(...colour(x, y))
  await writeFile(path, Buffer.from(bytes))
  expect(bytes).toHaveLength(width * height * CHANNELS[mode])
  return { path, mode, width, height }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-operations-'))
  input = await picture(WIDTH, HEIGHT, noise)
})

afterAll(() => rm(folder, { recursive: true }))

function step({
  names,
  affine,
  size,
  from = [WIDTH, HEIGHT],
}: Pick<Step, 'names' | 'affine' | 'size'> & { from?: [number, number] }): Step {
  return { call: 'f', args: [], names, affine, size, from, path: true }
}

const claimed = (...steps: Step[]): Claim => ({ root: 0, size: [WIDTH, HEIGHT], steps })
const unclaimed: Claim = { root: null, size: null, steps: [] }

function confirm(claim: Claim, result: PixelFile, source = input): Confirmed {
  return confirmOperations({ claim, result, input: source, frame: taskFrame(source) })
}

const told = ({ operations }: Confirmed): unknown[] =>
  operations.map(({ op, verified, box }) => [op, verified, box])

const crop = (left: number, top: number, width: number, height: number): Step =>
  step({ names: ['crop'], affine: [1, 0, left, 0, 1, top], size: [width, height] })

const turn = (name: 'rotate_180' | 'flip_horizontal'): Step =>
  step({
    names: ['orientation'],
    affine: orientationMap(name, { width: WIDTH, height: HEIGHT }),
    size: [WIDTH, HEIGHT],
  })

describe('a claim', () => {
  test('that the pixels bear out is verified, with the box that it shows', async () => {
    const result = await picture(10, 8, (x, y) => noise(x + 5, y + 6))
    expect(told(confirm(claimed(crop(5, 6, 10, 8)), result))).toEqual([['crop', true, [5, 6, 15, 14]]])
  })

  test('that is one pixel off is not', async () => {
    const result = await picture(10, 8, (x, y) => noise(x + 6, y + 6))
    expect(told(confirm(claimed(crop(5, 6, 10, 8)), result))).toEqual([['crop', false, null]])
  })

  test('is not verified for a crop that left nothing out', async () => {
    expect(told(confirm(claimed(crop(0, 0, WIDTH, HEIGHT)), input))).toEqual([[null, false, null]])
  })

  test('whose steps do not fit together is none; what the pixels show is told all the same', async () => {
    const result = await picture(10, 8, (x, y) => noise(x + 5, y + 6))
    const broken = { ...crop(5, 6, 10, 8), from: [9, 9] as [number, number] }
    expect(confirm(claimed(broken), result).operations).toMatchObject([
      { op: 'crop', call: 'pixels', verified: true },
      { op: 'crop', call: 'f', verified: false },
    ])
  })

  test('of a turn is named by its map, whatever it calls itself', async () => {
    const result = await picture(WIDTH, HEIGHT, (x, y) => noise(WIDTH - 1 - x, HEIGHT - 1 - y))
    const lying = { ...turn('rotate_180'), names: ['orientation', 'rotate_90', 'flip_vertical'] }
    expect(told(confirm(claimed(lying), result))).toEqual([['rotate_180', true, [0, 0, WIDTH, HEIGHT]]])
  })

  test('may leave a border of one colour around what it shows, not of several', async () => {
    const bordered =
      (border: Picture): Picture =>
      (x, y) =>
        x >= 5 && y >= 5 && x < 15 && y < 13 ? noise(x, y + 1) : border(x, y)
    const grown = step({ names: [], affine: [1, 0, -5, 0, 1, -5], size: [20, 18], from: [10, 8] })
    const claim = claimed(crop(5, 6, 10, 8), grown)
    const red = await picture(
      20,
      18,
      bordered(() => [255, 0, 0]),
    )
    expect(told(confirm(claim, red))[0]).toEqual(['crop', true, [5, 6, 15, 14]])
    const mixed = await picture(
      20,
      18,
      bordered((x, y) => noise(x + 1, y)),
    )
    expect(told(confirm(claim, mixed))[0]).toEqual(['crop', false, null])
  })
})

describe('where no call was seen', () => {
  test('pixels tell of a turn', async () => {
    const result = await picture(WIDTH, HEIGHT, (x, y) => noise(WIDTH - 1 - x, y))
    const confirmed = confirm(unclaimed, result)
    expect(confirmed.operations).toMatchObject([{ op: 'flip_horizontal', call: 'pixels', verified: true }])
  })

  const windows: [name: string, width: number, height: number, from: (x: number, y: number) => number[]][] = [
    ['none', 12, 9, (x, y) => [7 + x, 8 + y]],
    ['flip_horizontal', 12, 9, (x, y) => [18 - x, 8 + y]],
    ['flip_vertical', 12, 9, (x, y) => [7 + x, 16 - y]],
    ['rotate_180', 12, 9, (x, y) => [18 - x, 16 - y]],
    ['rotate_90', 9, 12, (x, y) => [18 - y, 8 + x]],
    ['rotate_270', 9, 12, (x, y) => [7 + y, 16 - x]],
  ]
  test.each(windows)('and of a part, in the orientation %s', async (name, width, height, from) => {
    const result = await picture(width, height, (x, y) => noise(...(from(x, y) as [number, number])))
    const { operations } = confirm(unclaimed, result)
    expect(operations.map(({ op, box }) => [op, box])).toEqual(
      ['crop', ...(name === 'none' ? [] : [name])].map((op) => [op, [7, 8, 19, 17]]),
    )
  })

  test('and of nothing where the result is not in the input', async () => {
    const result = await picture(12, 9, (x, y) => noise(x + 100, y))
    const { operations, frame } = confirm(unclaimed, result)
    expect(operations).toEqual([])
    expect(frame).toBeNull()
  })
})

describe('an enhancement', () => {
  const smooth: Picture = (x, y) =>
    [128 + 60 * Math.sin(x / 3) + 60 * Math.cos(y / 4 + x / 9)].flatMap((v) => [v, v, v / 2])
  const IDENTICAL: Affine = [1, 0, 0, 0, 1, 0]
  const enhanced = (name: string): Claim =>
    claimed(step({ names: [name], affine: IDENTICAL, size: [WIDTH, HEIGHT] }))

  test.each([
    ['brightness_down', true],
    ['brightness_up', false],
    ['contrast_down', true],
    ['posterize', true],
    ['gaussian_blur', false],
    ['grayscale', false],
    ['not_in_the_vocabulary', true],
  ])('%s of a result of half the brightness is verified: %s', async (name, expected) => {
    const source = await picture(WIDTH, HEIGHT, smooth)
    const result = await picture(WIDTH, HEIGHT, (x, y) => smooth(x, y).map((value) => Math.floor(value) / 2))
    const [operation] = confirm(enhanced(name), result, source).operations
    expect(operation?.verified).toBe(expected)
  })

  test('of a result that shows something else is not verified', async () => {
    const source = await picture(WIDTH, HEIGHT, smooth)
    const result = await picture(WIDTH, HEIGHT, (x, y) => smooth(y, x + 20))
    expect(told(confirm(enhanced('brightness_down'), result, source))).toEqual([
      ['brightness_down', false, null],
    ])
  })
})

test('an image whose file has another size is an error of the machine', () => {
  expect(() => confirm(unclaimed, { ...input, width: 41 })).toThrow(SandboxError)
})

test('transparency was laid over white before the code saw it', async () => {
  const clear = await picture(WIDTH, HEIGHT, (x, y) => [...noise(x, y), (x * 6) & 255], 'RGBA')
  const result = await picture(WIDTH, HEIGHT, (x, y) =>
    noise(WIDTH - 1 - x, y).map(
      (value) => 255 + Math.round(((value - 255) * (((WIDTH - 1 - x) * 6) & 255)) / 255),
    ),
  )
  expect(told(confirm(claimed(turn('flip_horizontal')), result, clear))).toEqual([
    ['flip_horizontal', true, [0, 0, WIDTH, HEIGHT]],
  ])
})
