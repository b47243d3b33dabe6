import { describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { inverseOf } from '../transforms/inverse.js'
import { mapBox } from '../transforms/map-box.js'
import { transformImage } from '../transforms/transform-image.js'
import { createRandom } from '../demo/random.js'
import { drawTask, type MiniTask } from './draw-task.js'
import { parseMiniWorldConfig, type MiniWorldOptions } from './mini-world-config.js'
import { fillContent, outlineContent } from './scene-content.js'
import { rowsThatFit, sceneMetrics } from './scene-metrics.js'
import { DRAW_STYLE } from './styles/styles.js'
import { FAMILIES, STYLES } from './vocabulary.js'

const draw = (index: number, options: MiniWorldOptions = {}): Promise<MiniTask> =>
  drawTask({
    config: parseMiniWorldConfig({ seed: 'test', size: 640, view: 160 * 160, 'read-height': 10, ...options }),
    index,
  })

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

const doOverlap = (a: MiniTask['box'], b: MiniTask['box']): boolean =>
  Math.min(a[2], b[2]) > Math.max(a[0], b[0]) && Math.min(a[3], b[3]) > Math.max(a[1], b[1])

test('no two values of a scene overlap nor leave the picture, however long the numbers', () => {
  for (const view of [128 * 128, 224 * 224])
    for (const style of STYLES)
      for (const family of FAMILIES) {
        const config = parseMiniWorldConfig({ view, digits: 5, jitter: 1, items: [8, 8], 'read-height': 9 })
        const metrics = sceneMetrics({ config, family, style })
        for (const kind of ['sum', 'count'] as const) {
          const random = createRandom({ seed: `${view} ${style} ${family} ${kind}` })
          const count = Math.min(8, rowsThatFit({ metrics, style }))
          const outline = outlineContent({ random, style, count })
          const content = fillContent({ random, outline, kind, digits: 5 })
          const { valueBoxes, codeBox } = DRAW_STYLE[style]({ random, content, metrics })
          const boxes = [...valueBoxes, codeBox]
          for (const [at, box] of boxes.entries()) {
            expect(box[0] >= 0 && box[1] >= 0 && box[2] <= metrics.width && box[3] <= metrics.height).toBe(
              true,
            )
            expect(boxes.slice(at + 1).filter((other) => doOverlap(box, other))).toEqual([])
          }
        }
      }
})

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
    'is changed by %s, the second picture of a pair too',
    async (corruption) => {
      const task = await draw(0, {
        corrupted: 1,
        corruptions: [corruption],
        kinds: ['sum'],
        pairs: 1,
        transforms: ['none'],
      })
      expect([task.plan.corruption, task.plan.secondCorruption]).toEqual([corruption, corruption])
      expect(task.pictures).toHaveLength(2)
      for (const { given, canonical } of task.pictures)
        expect((await pixelsOf(given)).equals(await pixelsOf(await canonical()))).toBe(false)
    },
  )

  test('of two pictures may have one spoilt and the other clean, as its plan says of each', async () => {
    const seen = new Set<string>()
    for (let index = 0; index < 12; index++) {
      const { plan, pictures } = await draw(index, {
        corrupted: 0.5,
        kinds: ['sum'],
        pairs: 1,
        transforms: ['none'],
      })
      const spoilt = await Promise.all(
        pictures.map(async ({ given, canonical }) => !given.equals(await canonical())),
      )
      expect(spoilt).toEqual([plan.corruption !== null, plan.secondCorruption !== null])
      seen.add(spoilt.join())
    }
    expect(seen.size).toBe(4)
  })

  test('tells by no field of its file what was done to it', async () => {
    const fields = async (options: MiniWorldOptions): Promise<string> => {
      const { density, channels, depth, space, hasAlpha, exif, icc } = await sharp(
        givenOf(await draw(1, { styles: ['cards'], ...options })),
      ).metadata()
      return JSON.stringify({
        density,
        channels,
        depth,
        space,
        hasAlpha,
        exif: exif?.length,
        icc: icc?.length,
      })
    }
    const plain = await fields({ corrupted: 0, transforms: ['none'] })
    for (const corruption of ['noise', 'blur', 'low-contrast'] as const)
      for (const transform of ['none', 'rotate_90', 'flip_vertical'] as const)
        expect(await fields({ corrupted: 1, corruptions: [corruption], transforms: [transform] })).toBe(plain)
  })

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
    const task = await draw(2, { kinds: ['sum'], pairs: 1, corrupted: 0 })
    expect(task.pictures).toHaveLength(2)
    expect(task.pictures[1]?.transform).toBe('none')
    expect(task.question).toMatch(/first image and in the second/)
    expect(task.pictures[0]?.box).toEqual(task.box)
    for (const { given, box } of task.pictures) expect(await inkIn(given, box)).toBeGreaterThan(0.03)
  })
})
