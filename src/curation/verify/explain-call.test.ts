import { describe, expect, test } from '@jest/globals'
import type { Operation } from '../../core/execution.js'
import { createRandom } from '../../data/demo/random.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'
import { renderShown, type Shown } from '../pixels/shown.js'
import type { PlannedStep } from '../plan/curation-plan.js'
import { explainCall, type KnownImage } from './explain-call.js'

const [WIDTH, HEIGHT] = [120, 90]
const random = createRandom({ seed: 'picture' })
/** Blots of all greys, so that every region is like itself alone. */
const upright: PixelImage = (() => {
  const data = new Uint8Array(WIDTH * HEIGHT * 3).fill(255)
  for (let blot = 0; blot < 60; blot++) {
    const [left, top, level] = [random.integer(0, 108), random.integer(0, 80), random.integer(0, 200)]
    for (let y = top; y < top + 10; y++) data.fill(level, (y * WIDTH + left) * 3, (y * WIDTH + left + 12) * 3)
  }
  return { data, width: WIDTH, height: HEIGHT, channels: 3 }
})()
const whole: Shown = { window: [0, 0, WIDTH, HEIGHT], orientation: 'none' }
const given = { width: WIDTH, height: HEIGHT, transform: 'rotate_180' } as const
const source = { pixels: upright, shown: whole }

const known = (shown: Shown): KnownImage => ({ image: 0, shown, source, operations: [] })
const pictureOf = async (shown: Shown): Promise<PixelImage> => {
  const picture = await renderShown({ shown, source: upright, sourceShown: whole })
  if (picture === null) throw new RangeError('expected a picture')
  return picture
}
const pale = (image: PixelImage): PixelImage => ({
  ...image,
  data: image.data.map((level) => 80 + level / 4),
})
const operation = (op: string, changes: Partial<Operation> = {}): Operation => ({
  ...{ op, call: 'x', args: [], affine: null, box: null, verified: true },
  ...changes,
})
const step: PlannedStep = {
  image: 0,
  from: 'given',
  operations: [{ op: 'rotate_180' }, { op: 'crop', box: [20, 10, 80, 60] }, { op: 'autocontrast' }],
  inputSize: { width: WIDTH, height: HEIGHT },
  resultSize: { width: 60, height: 50 },
  window: [20, 10, 80, 60],
}
const asGiven: Shown = { ...whole, orientation: 'rotate_180' }

describe('what the result of a call shows', () => {
  test('is told of any orientation of the whole, though nothing was planned nor observed', async () => {
    for (const orientation of ['none', 'rotate_90', 'transpose', 'flip_vertical'] as const) {
      const result = await pictureOf({ ...whole, orientation })
      const told = await explainCall({ input: known(asGiven), result, operations: [], steps: [], given })
      expect(told?.shown).toEqual({ ...whole, orientation })
    }
  })

  test('is told of a region that the sandbox observed, in pixels of the image as given', async () => {
    const shown: Shown = { window: [30, 20, 90, 50], orientation: 'none' }
    // The same region, upside down.
    const operations = [operation('crop', { box: [30, 40, 90, 70] })]
    const result = await pictureOf(shown)
    expect(
      (await explainCall({ input: known(asGiven), result, operations, steps: [], given }))?.shown,
    ).toEqual(shown)
    const unobserved = await explainCall({ input: known(asGiven), result, operations: [], steps: [], given })
    expect(unobserved).toBeNull()
  })

  test('is nothing where one pixel is another and no filter was observed', async () => {
    const { data, ...size } = await pictureOf({ ...whole, orientation: 'none' })
    const result = { ...size, data: data.map((level, at) => (at === 500 ? level ^ 1 : level)) }
    expect(
      await explainCall({ input: known(asGiven), result, operations: [], steps: [step], given }),
    ).toBeNull()
  })

  test('is told of a filtered region by its likeness, also from an image that had led away', async () => {
    const target: Shown = { window: step.window, orientation: 'none' }
    const result = pale(await pictureOf(target))
    const operations = [operation('autocontrast', { verified: false })]
    for (const shown of [asGiven, { ...whole, orientation: 'rotate_90' } as const]) {
      const told = await explainCall({ input: known(shown), result, operations, steps: [step], given })
      expect(told).toMatchObject({ shown: target, operations: ['autocontrast'] })
      // What comes next is held against the filtered picture.
      expect(told?.source?.pixels).toBe(result)
    }
    const other = pale(await pictureOf({ window: [50, 35, 110, 85], orientation: 'none' }))
    expect(
      await explainCall({ input: known(asGiven), result: other, operations, steps: [step], given }),
    ).toBeNull()
  })

  test('of a region beyond its input is not told', async () => {
    const input = known({ window: [0, 0, 60, 60], orientation: 'none' })
    const result = await pictureOf({ window: step.window, orientation: 'none' })
    expect(await explainCall({ input, result, operations: [], steps: [step], given })).toBeNull()
  })
})
