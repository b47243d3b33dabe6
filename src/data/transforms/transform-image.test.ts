import { describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { UsageError } from '../../core/errors.js'
import { TRANSFORMS, type Box, type Transform } from '../../core/transform.js'
import { inverseOf } from './inverse.js'
import { mapBox } from './map-box.js'
import { requiredToolsFor } from './required-tools.js'
import { transformImage } from './transform-image.js'
import { transformPixels, type PixelImage } from './transform-pixels.js'
import { transformedSize } from './transformed-size.js'

/** 3 × 2, as numbers that tell where a pixel came from:  1 2 3 / 4 5 6 */
const SMALL: PixelImage = { data: Uint8Array.of(1, 2, 3, 4, 5, 6), width: 3, height: 2, channels: 1 }

/** What PIL answers: Image.rotate(angle, expand=True), ImageOps.mirror, ImageOps.flip. */
const BY_HAND: Record<Transform, { rows: number[][] }> = {
  none: {
    rows: [
      [1, 2, 3],
      [4, 5, 6],
    ],
  },
  rotate_90: {
    rows: [
      [3, 6],
      [2, 5],
      [1, 4],
    ],
  },
  rotate_180: {
    rows: [
      [6, 5, 4],
      [3, 2, 1],
    ],
  },
  rotate_270: {
    rows: [
      [4, 1],
      [5, 2],
      [6, 3],
    ],
  },
  flip_horizontal: {
    rows: [
      [3, 2, 1],
      [6, 5, 4],
    ],
  },
  flip_vertical: {
    rows: [
      [4, 5, 6],
      [1, 2, 3],
    ],
  },
}

/** A small generator, so that a failing case can be repeated. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * below)
  }
}

function randomImage(random: (below: number) => number): PixelImage {
  const [width, height] = [1 + random(9), 1 + random(9)]
  const channels = ([1, 3, 4] as const)[random(3)] ?? 1
  const data = Uint8Array.from({ length: width * height * channels }, () => random(256))
  return { data, width, height, channels }
}

describe('transformPixels', () => {
  test.each(TRANSFORMS)('%s moves pixels as PIL does', async (transform) => {
    const { data, width, height } = await transformPixels({ image: SMALL, transform })
    const rows = Array.from({ length: height }, (_, row) => [
      ...data.subarray(row * width, (row + 1) * width),
    ])
    expect(rows).toEqual(BY_HAND[transform].rows)
  })

  test('is undone by its inverse, whatever the image', async () => {
    const random = randomNumbers(7)
    for (let round = 0; round < 30; round++) {
      const image = randomImage(random)
      for (const transform of TRANSFORMS) {
        const there = await transformPixels({ image, transform })
        expect({ width: there.width, height: there.height }).toEqual(
          transformedSize({ width: image.width, height: image.height, transform }),
        )
        const back = await transformPixels({ image: there, transform: inverseOf(transform) })
        expect([...back.data]).toEqual([...image.data])
      }
    }
  })
})

describe('mapBox', () => {
  test('a box follows its pixels, whatever the image', async () => {
    const random = randomNumbers(11)
    for (let round = 0; round < 30; round++) {
      const [width, height] = [2 + random(9), 2 + random(9)]
      const [left, top] = [random(width), random(height)]
      const box: Box = [left, top, left + 1 + random(width - left), top + 1 + random(height - top)]
      const data = new Uint8Array(width * height)
      for (let y = box[1]; y < box[3]; y++) data.fill(255, y * width + box[0], y * width + box[2])
      for (const transform of TRANSFORMS) {
        const moved = await transformPixels({ image: { data, width, height, channels: 1 }, transform })
        expect(mapBox({ box, width, height, transform })).toEqual(boundsOfMarked(moved))
      }
    }
  })
})

function boundsOfMarked({ data, width }: PixelImage): number[] {
  const places = [...data].flatMap((value, at) =>
    value === 255 ? [[at % width, Math.floor(at / width)]] : [],
  )
  const [xs, ys] = [places.map(([x]) => x ?? 0), places.map(([, y]) => y ?? 0)]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1]
}

describe('transformImage', () => {
  test.each([1, 3, 4] as const)('keeps every pixel and all %i channels of a PNG', async (channels) => {
    const image = { ...randomImage(randomNumbers(3)), channels, width: 4, height: 3 }
    const pixels = Uint8Array.from({ length: 12 * channels }, (_, at) => (at * 37) % 256)
    const space = channels === 1 ? 'b-w' : 'srgb'
    const bytes = await sharp(pixels, { raw: image }).toColourspace(space).png().toBuffer()
    const moved = await sharp(await transformImage({ bytes, transform: 'rotate_90' }))
      .toColourspace(space)
      .raw()
      .toBuffer({ resolveWithObject: true })
    const expected = await transformPixels({ image: { ...image, data: pixels }, transform: 'rotate_90' })
    expect(moved.info).toMatchObject({ width: 3, height: 4, channels })
    expect([...moved.data]).toEqual([...expected.data])
  })

  test('keeps 16 bits', async () => {
    const samples = Uint16Array.of(1, 300, 65535, 256)
    const bytes = await sharp(samples, { raw: { width: 2, height: 2, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer()
    const moved = await sharp(await transformImage({ bytes, transform: 'flip_horizontal' }))
      .toColourspace('grey16')
      .raw({ depth: 'ushort' })
      .toBuffer()
    expect([...new Uint16Array(moved.buffer, moved.byteOffset, 4)]).toEqual([300, 1, 256, 65535])
  })

  test('does not turn an image by its EXIF orientation, nor recolour it by its profile', async () => {
    const pixels = Uint8Array.from({ length: 24 }, (_, at) => at * 10)
    const raw = { width: 4, height: 2, channels: 3 } as const
    const bytes = await sharp(pixels, { raw })
      .withMetadata({ orientation: 6 })
      .withIccProfile('p3')
      .png()
      .toBuffer()
    const plain = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer()
    const moved = await transformImage({ bytes, transform: 'none' })
    expect([...(await sharp(moved).raw().toBuffer())]).toEqual([...plain])
    expect((await sharp(moved).metadata()).orientation).toBeUndefined()
  })

  test('refuses bytes that are no image, and CMYK', async () => {
    await expect(transformImage({ bytes: Buffer.from('no image'), transform: 'none' })).rejects.toThrow(
      UsageError,
    )
    const raw = { width: 2, height: 2, channels: 3 } as const
    const cmyk = await sharp(new Uint8Array(12), { raw }).toColourspace('cmyk').jpeg().toBuffer()
    await expect(transformImage({ bytes: cmyk, transform: 'none' })).rejects.toThrow(/CMYK/)
  })
})

describe('requiredToolsFor', () => {
  test('undoes the orientation first and crops last', () => {
    expect(requiredToolsFor({ transform: 'rotate_90', needsCrop: true })).toEqual(['rotate_270', 'crop'])
    expect(requiredToolsFor({ transform: 'none', needsCrop: false })).toEqual([])
  })
})
