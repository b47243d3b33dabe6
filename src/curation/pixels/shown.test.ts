import { describe, expect, test } from '@jest/globals'
import { ORIENTATIONS } from '../../core/orientation.js'
import { createRandom } from '../../data/demo/random.js'
import { transformPixels, type PixelImage } from '../../data/transforms/transform-pixels.js'
import { likeness } from './likeness.js'
import { arePixelsEqual, renderShown, sizeOfShown, thenCropped, thenOriented, type Shown } from './shown.js'

/** 5 × 4 pixels, all different. */
const upright: PixelImage = {
  data: Uint8Array.from({ length: 5 * 4 * 3 }, (_, at) => 4 * at),
  width: 5,
  height: 4,
  channels: 3,
}
const whole: Shown = { window: [0, 0, 5, 4], orientation: 'none' }

const pixelAt = ({ data, width }: PixelImage, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
]

describe('what a picture shows', () => {
  test('of a window, turned to the left, is there pixel by pixel', async () => {
    const shown = thenOriented(thenCropped(whole, [1, 0, 4, 2]), 'rotate_90')
    expect(shown).toEqual({ window: [1, 0, 4, 2], orientation: 'rotate_90' })
    expect(sizeOfShown(shown)).toEqual({ width: 2, height: 3 })
    const picture = await renderShown({ shown, source: upright, sourceShown: whole })
    // Counter-clockwise, the upper right corner of the window comes to the upper left.
    expect(picture && pixelAt(picture, 0, 0)).toEqual(pixelAt(upright, 3, 0))
    expect(picture && pixelAt(picture, 1, 2)).toEqual(pixelAt(upright, 1, 1))
  })

  test('after orientations and crops in any order is what doing them gives', async () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = createRandom({ seed: String(seed) })
      let [shown, pixels] = [whole, upright]
      for (let step = 0; step < 4; step++) {
        if (random.integer(0, 1) === 0) {
          const orientation = random.pick(ORIENTATIONS)
          shown = thenOriented(shown, orientation)
          if (orientation !== 'none')
            pixels = await transformPixels({ image: pixels, transform: orientation })
          continue
        }
        const { width, height } = pixels
        const [left, top] = [random.integer(0, width - 1), random.integer(0, height - 1)]
        const box = [left, top, random.integer(left + 1, width), random.integer(top + 1, height)] as const
        const [from, source] = [{ window: [0, 0, width, height], orientation: 'none' } as const, pixels]
        const cut = await renderShown({
          shown: { window: box, orientation: 'none' },
          source,
          sourceShown: from,
        })
        shown = thenCropped(shown, box)
        if (cut !== null) pixels = cut
      }
      const told = await renderShown({ shown, source: upright, sourceShown: whole })
      expect(told !== null && arePixelsEqual(told, pixels)).toBe(true)
    }
  })

  test('is nothing where the source does not hold it', async () => {
    const sourceShown: Shown = { window: [1, 1, 5, 4], orientation: 'none' }
    expect(await renderShown({ shown: whole, source: upright, sourceShown })).toBeNull()
  })
})

test('likeness is 1 of the same, high after a change of contrast, and low after a turn', async () => {
  const [width, height] = [80, 60]
  const random = createRandom({ seed: 'blobs' })
  const data = new Uint8Array(width * height * 3).fill(255)
  for (let blob = 0; blob < 12; blob++) {
    const [x, y] = [random.integer(0, 40), random.integer(0, 45)]
    for (let row = y; row < y + 12; row++)
      for (let column = x; column < x + 9; column++)
        data.fill(20 * blob, (row * width + column) * 3, (row * width + column) * 3 + 3)
  }
  const image: PixelImage = { data, width, height, channels: 3 }
  const pale: PixelImage = { ...image, data: data.map((level) => 100 + level / 8) }
  expect(await likeness(image, image)).toBeCloseTo(1)
  expect(await likeness(image, pale)).toBeGreaterThan(0.95)
  expect(await likeness(image, await transformPixels({ image, transform: 'flip_horizontal' }))).toBeLessThan(
    0.5,
  )
  expect(await likeness(image, { ...image, data: data.map(() => 9) })).toBe(0)
})
