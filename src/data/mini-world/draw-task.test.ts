import { describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { inverseOf } from '../inverse.js'
import { mapBox } from '../map-box.js'
import { transformImage } from '../transform-image.js'
import { drawTask, type MiniTask } from './draw-task.js'
import { parseMiniWorldConfig, type MiniWorldOptions } from './mini-world-config.js'

const draw = (index: number, options: MiniWorldOptions = {}): Promise<MiniTask> =>
  drawTask({ config: parseMiniWorldConfig({ seed: 'test', size: 640, view: 140 * 140, ...options }), index })

const pixelsOf = (bytes: Uint8Array): Promise<Buffer> => sharp(bytes).removeAlpha().raw().toBuffer()
const givenOf = (task: MiniTask): Buffer => task.pictures[0]?.given ?? Buffer.alloc(0)
const canonicalOf = async (task: MiniTask): Promise<Buffer> =>
  (await task.pictures[0]?.canonical()) ?? Buffer.alloc(0)

/** Share of pixels inside a box that differ from the box's most frequent grey: ink on whatever ground. */
async function inkIn(bytes: Uint8Array, [left, top, right, bottom]: MiniTask['box']): Promise<number> {
  const grey = await sharp(bytes)
    .extract({ left, top, width: right - left, height: bottom - top })
    .greyscale()
    .raw()
    .toBuffer()
  const counts = new Map<number, number>()
  for (const level of grey) counts.set(level, (counts.get(level) ?? 0) + 1)
  return 1 - Math.max(...counts.values()) / grey.length
}

describe('a row of the mini world', () => {
  test('is the same whenever it is drawn, and another with another seed', async () => {
    const [first, again, other] = await Promise.all([draw(7), draw(7), draw(7, { seed: 'other' })])
    expect(givenOf(again).equals(givenOf(first))).toBe(true)
    expect([again.question, again.answer, again.box]).toEqual([first.question, first.answer, first.box])
    expect(givenOf(other).equals(givenOf(first))).toBe(false)
  })

  test('undone, has the pixels of its canonical picture where nothing spoils it', async () => {
    for (let index = 0; index < 6; index++) {
      const task = await draw(index, { corrupted: 0 })
      const undone = await transformImage({ bytes: givenOf(task), transform: inverseOf(task.plan.transform) })
      expect((await pixelsOf(undone)).equals(await pixelsOf(await canonicalOf(task)))).toBe(true)
    }
  })

  test.each(['noise', 'blur', 'low-contrast'] as const)(
    'is changed by %s, and only in its first picture',
    async (corruption) => {
      const task = await draw(0, {
        corrupted: 1,
        corruptions: [corruption],
        kinds: ['sum'],
        pairs: 1,
        transforms: ['none'],
      })
      expect(task.plan.corruption).toBe(corruption)
      const [first, second] = task.pictures
      expect(
        (await pixelsOf(first?.given ?? Buffer.alloc(0))).equals(await pixelsOf(await canonicalOf(task))),
      ).toBe(false)
      expect(second?.given.equals(await second.canonical())).toBe(true)
    },
  )

  test('has ink in its box, in the picture as given, for every style, kind and family', async () => {
    for (const style of ['cards', 'receipt', 'sign', 'table', 'chart', 'note'] as const)
      for (const kind of ['read', 'count', 'look-up', 'compare', 'sum'] as const)
        for (const family of ['read', 'find'] as const) {
          const task = await draw(3, {
            styles: [style],
            kinds: [kind],
            families: [family],
            corrupted: 0,
            pairs: 0,
          })
          const { width = 0, height = 0 } = await sharp(givenOf(task)).metadata()
          const [left, top, right, bottom] = task.box
          expect([left >= 0, top >= 0, right <= width, bottom <= height]).toEqual([true, true, true, true])
          expect(await inkIn(givenOf(task), task.box)).toBeGreaterThan(0.03)
          expect(task.question).not.toContain(task.answer)
        }
  })

  test('needs what undoes its orientation, and a crop in the family find alone', async () => {
    const turned = await draw(0, { transforms: ['rotate_90'], families: ['find'] })
    expect(turned.requiredTools).toEqual(['rotate_270', 'crop'])
    const upright = await draw(0, { transforms: ['none'], families: ['read'] })
    expect(upright.requiredTools).toEqual([])
  })

  test('has its box in the picture as given', async () => {
    const options = { families: ['find'], corrupted: 0 } as const
    const upright = await draw(5, { ...options, families: ['find'], transforms: ['none'] })
    const turned = await draw(5, { ...options, families: ['find'], transforms: ['rotate_90'] })
    const { width = 0, height = 0 } = await sharp(givenOf(upright)).metadata()
    expect(turned.answer).toBe(upright.answer)
    expect(turned.box).toEqual(mapBox({ box: upright.box, width, height, transform: 'rotate_90' }))
  })

  test('of two pictures asks for what neither holds alone', async () => {
    const task = await draw(2, { kinds: ['sum'], pairs: 1 })
    expect(task.pictures).toHaveLength(2)
    expect(task.pictures[1]?.transform).toBe('none')
    expect(task.question).toMatch(/first image and in the second/)
  })
})
