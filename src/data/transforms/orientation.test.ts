import { describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { TRANSFORMS, type Box } from '../../core/transform.js'
import { createRandom, type Random } from '../demo/random.js'
import { composeOrientations } from './compose-orientations.js'
import { exactPipeline } from './exact-pipeline.js'
import { inverseOf } from './inverse.js'
import { mapBox } from './map-box.js'
import { ORIENTATIONS, type Orientation } from '../../core/orientation.js'
import { IMAGE_SOURCES } from './testing/image-sources.js'
import { transformImage } from './transform-image.js'
import { transformPixels, type PixelImage } from './transform-pixels.js'
import { transformedSize } from './transformed-size.js'
import { undoneDigest } from './undone-digest.js'

/** What PIL's `Image.transpose` answers for  1 2 3 / 4 5 6,  row by row. */
const DIAGONAL = {
  transpose: [
    [1, 4],
    [2, 5],
    [3, 6],
  ],
  transverse: [
    [6, 3],
    [5, 2],
    [4, 1],
  ],
}

const SMALL: PixelImage = { data: Uint8Array.of(1, 2, 3, 4, 5, 6), width: 3, height: 2, channels: 1 }

describe('the eight orientations', () => {
  test.each(['transpose', 'transverse'] as const)('%s moves pixels as PIL does', async (transform) => {
    const { data, width } = await transformPixels({ image: SMALL, transform })
    const rows = [0, 1, 2].map((row) => [...data.subarray(row * width, (row + 1) * width)])
    expect(rows).toEqual(DIAGONAL[transform])
  })

  test('any two, one after the other, are the one that they compose to', async () => {
    for (const first of ORIENTATIONS) {
      for (const second of ORIENTATIONS) {
        const once = await transformPixels({ image: SMALL, transform: first })
        const twice = await transformPixels({ image: once, transform: second })
        const composed = await transformPixels({
          image: SMALL,
          transform: composeOrientations([first, second]),
        })
        expect(shapeOf(twice)).toEqual(shapeOf(composed))
      }
    }
  })

  test('are a group: closed, associative, each with its inverse, and all reached by the five transformations', () => {
    const reached = new Set<Orientation>()
    for (const a of ORIENTATIONS) {
      expect(composeOrientations([a, inverseOf(a)])).toBe('none')
      expect(composeOrientations([inverseOf(a), a])).toBe('none')
      for (const b of ORIENTATIONS) {
        for (const c of ORIENTATIONS) {
          const left = composeOrientations([composeOrientations([a, b]), c])
          expect(composeOrientations([a, composeOrientations([b, c])])).toBe(left)
        }
      }
    }
    for (const a of TRANSFORMS) for (const b of TRANSFORMS) reached.add(composeOrientations([a, b]))
    expect([...reached].sort()).toEqual([...ORIENTATIONS].sort())
  })

  test('of no step at all the image stays as it is', () => {
    expect(composeOrientations([])).toBe('none')
  })
})

describe('the inverse of a composition', () => {
  test.each(Object.keys(IMAGE_SOURCES) as (keyof typeof IMAGE_SOURCES)[])(
    'gives back every pixel of %s, undone at once or step by step',
    async (kind) => {
      const random = createRandom({ seed: `undo ${kind}` })
      for (let round = 0; round < 8; round++) {
        const [width, height] = [random.integer(1, 9), random.integer(1, 9)]
        const source = await IMAGE_SOURCES[kind]({ random, width, height })
        const sequence = drawSequence(random)
        let moved = source
        for (const transform of sequence) moved = await transformImage({ bytes: moved, transform })
        const composed = composeOrientations(sequence)
        const expected = await samplesOf(source)
        expect(await samplesOf(await transformImage({ bytes: source, transform: composed }))).toEqual(
          await samplesOf(moved),
        )
        const atOnce = await transformImage({ bytes: moved, transform: inverseOf(composed) })
        expect(await samplesOf(atOnce)).toEqual(expected)
        let back = moved
        for (const transform of sequence.toReversed())
          back = await transformImage({ bytes: back, transform: inverseOf(transform) })
        expect(await samplesOf(back)).toEqual(expected)
        expect(await undoneDigest({ bytes: moved, transform: composed })).toBe(
          await undoneDigest({ bytes: source, transform: 'none' }),
        )
      }
    },
  )

  test('gives back every box, and on the way the box holds the same pixels', async () => {
    const random = createRandom({ seed: 'boxes' })
    for (let round = 0; round < 40; round++) {
      const size = { width: random.integer(2, 12), height: random.integer(2, 12) }
      const box = drawBox({ random, ...size })
      const sequence = drawSequence(random)
      const composed = composeOrientations(sequence)
      let at: { box: Box; width: number; height: number } = { box, ...size }
      for (const transform of sequence)
        at = { box: mapBox({ ...at, transform }), ...transformedSize({ ...at, transform }) }
      expect(at.box).toEqual(mapBox({ box, ...size, transform: composed }))
      expect(mapBox({ ...at, transform: inverseOf(composed) })).toEqual(box)

      const marked = markedImage({ ...size, box })
      const { data, width } = await transformPixels({ image: marked, transform: composed })
      expect([...data]).toEqual([...markedImage({ ...at, width }).data])
    }
  })
})

test('the digest of undone pixels tells a wrong transformation, another pixel, and another depth', async () => {
  const random = createRandom({ seed: 'digest' })
  const source = await IMAGE_SOURCES['RGB of 8 bits']({ random, width: 5, height: 4 })
  const bytes = await transformImage({ bytes: source, transform: 'rotate_90' })
  const canonical = await undoneDigest({ bytes: source, transform: 'none' })
  const others = ORIENTATIONS.filter((transform) => transform !== 'rotate_90')
  for (const transform of others) expect(await undoneDigest({ bytes, transform })).not.toBe(canonical)

  const { data, info } = await sharp(source).raw().toBuffer({ resolveWithObject: true })
  data[7] = (data[7] ?? 0) ^ 1
  const changed = await sharp(data, { raw: info }).png().toBuffer()
  expect(await undoneDigest({ bytes: changed, transform: 'none' })).not.toBe(canonical)
  const deep = await sharp(source).toColourspace('rgb16').png().toBuffer()
  expect(await undoneDigest({ bytes: deep, transform: 'none' })).not.toBe(canonical)
})

function drawSequence(random: Random): Orientation[] {
  return Array.from({ length: random.integer(1, 6) }, () => random.pick(TRANSFORMS))
}

function drawBox({ random, width, height }: { random: Random; width: number; height: number }): Box {
  const [left, top] = [random.integer(0, width - 1), random.integer(0, height - 1)]
  return [left, top, random.integer(left + 1, width), random.integer(top + 1, height)]
}

function markedImage({
  width,
  height,
  box: [left, top, right, bottom],
}: {
  width: number
  height: number
  box: Box
}): PixelImage {
  const data = new Uint8Array(width * height)
  for (let y = top; y < bottom; y++) data.fill(255, y * width + left, y * width + right)
  return { data, width, height, channels: 1 }
}

function shapeOf({ data, width, height }: PixelImage): unknown {
  return { samples: [...data], width, height }
}

/** Size, channels and samples as they are decoded, at the depth of the file. */
async function samplesOf(bytes: Uint8Array): Promise<unknown> {
  const { pipeline, depth } = await exactPipeline(bytes)
  const { data, info } = await pipeline.raw({ depth }).toBuffer({ resolveWithObject: true })
  return {
    depth,
    width: info.width,
    height: info.height,
    channels: info.channels,
    data: data.toString('hex'),
  }
}
