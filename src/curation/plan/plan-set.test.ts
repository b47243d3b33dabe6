import { describe, expect, test } from '@jest/globals'
import { CURATION_TYPES, PROVOCATIONS, type CurationType } from '../../core/curation.js'
import { UsageError } from '../../core/errors.js'
import { TRANSFORMS, type Box } from '../../core/transform.js'
import { inverseOf } from '../../data/transforms/inverse.js'
import { createRandom } from '../../data/demo/random.js'
import { holds } from '../pixels/shown.js'
import { checkCurationOptions, DEFAULT_MIX, parseMix, type CurationOptions } from './curation-options.js'
import type { CurationPlan } from './curation-plan.js'
import { drawPlan } from './draw-plan.js'
import { drawSchedule, shareOut } from './draw-schedule.js'
import { areaOf, canNest, drawNestedWindows } from './draw-windows.js'
import { readEvidence } from './evidence.js'
import type { Material, MaterialPicture } from './material.js'

const picture = (changes: Partial<MaterialPicture> = {}): MaterialPicture => ({
  width: 1000,
  height: 800,
  applied: 'none',
  box: [400, 300, 460, 330],
  corruption: null,
  evidence: 'small',
  grid: 1,
  ...changes,
})

let made = 0
const material = (...pictures: MaterialPicture[]): Material => ({
  source: 0,
  row: made,
  key: `key-${made}`,
  id: `row-${made++}`,
  question: 'Which number?',
  answer: '417',
  category: null,
  pictures,
})

/** Small, legible, spoilt, and pairs, several of each. */
const MATERIALS: readonly Material[] = Array.from({ length: 8 }, () => [
  material(picture()),
  material(picture({ evidence: 'legible' })),
  material(picture({ corruption: 'noise' })),
  material(picture({ evidence: 'legible', corruption: 'blur' })),
  material(picture(), picture({ box: [10, 700, 90, 730] })),
  material(picture({ evidence: 'unknown', box: null })),
]).flat()

const OPTIONS: CurationOptions = {
  count: 600,
  seed: 'test',
  mix: DEFAULT_MIX,
  provocations: PROVOCATIONS,
  attempts: 3,
}
const MAX_PIXELS = 224 * 224

const plansOf = (options: Partial<CurationOptions> = {}): CurationPlan[] => {
  const all = { ...OPTIONS, ...options }
  return drawSchedule({ materials: MATERIALS, options: all }).items.map((item, index) =>
    drawPlan({ item, index, seed: all.seed, maxPixels: MAX_PIXELS }),
  )
}
const PLANS = plansOf()
const operationsOf = ({ steps }: CurationPlan): string[] =>
  steps.flatMap(({ operations }) => operations.map(({ op }) => op))

describe('a schedule', () => {
  test('gives each type its share, and within it every transformation and provocation the same number', () => {
    const count = (type: CurationType): number => PLANS.filter((plan) => plan.type === type).length
    expect(CURATION_TYPES.map(count)).toEqual([180, 150, 120, 90, 60])
    for (const type of ['single-tool', 'multi-tool', 'multi-crop'] as const) {
      const own = PLANS.filter((plan) => plan.type === type)
      const counts = TRANSFORMS.map(
        (name) => own.filter(({ images }) => images[0]?.transform === name).length,
      )
      expect(new Set(counts).size).toBe(1)
    }
    const errors = PLANS.filter(({ type }) => type === 'error-handling')
    for (const kind of PROVOCATIONS) {
      const own = errors.filter(({ provocation }) => provocation?.kind === kind)
      expect(own).toHaveLength(18)
      expect(new Set(own.map(({ images }) => images[0]?.transform)).size).toBe(6)
    }
    expect(
      PLANS.filter(({ type }) => type === 'no-tool').every(({ images }) => images[0]?.transform === 'none'),
    ).toBe(true)
  })

  test('balances a small set too', () => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const errors = plansOf({ seed, count: 10, mix: parseMix('error-handling=1') })
      for (const kind of PROVOCATIONS)
        expect(errors.filter(({ provocation }) => provocation?.kind === kind)).toHaveLength(2)
      const counts = TRANSFORMS.map(
        (name) => errors.filter(({ images }) => images[0]?.transform === name).length,
      )
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    }
  })

  test('is the same for the same seed, and another for another', () => {
    const keys = (seed: string): string[] => plansOf({ seed, count: 60 }).map(({ taskKey }) => taskKey)
    expect(keys('test')).toEqual(keys('test'))
    expect(keys('other')).not.toEqual(keys('test'))
    expect(new Set(PLANS.map(({ taskKey }) => taskKey)).size).toBe(PLANS.length)
  })

  test('tells which types no row can become, and gives their share to the others', () => {
    const materials = [material(picture({ evidence: 'legible' }))]
    const { items, notices } = drawSchedule({ materials, options: { ...OPTIONS, count: 20 } })
    expect(items).toHaveLength(20)
    expect(notices.join('\n')).toMatch(/No row can become multi-crop: multi-crop needs a box that is small/)
    expect(notices.join('\n')).toMatch(/No row for single-tool with none/)
    const mix = parseMix('multi-crop=1')
    expect(() => drawSchedule({ materials, options: { ...OPTIONS, mix } })).toThrow(UsageError)
  })

  test('shares out whole numbers that add up', () => {
    expect(shareOut({ shares: [1, 1, 1], count: 10 })).toEqual([4, 3, 3])
    expect(shareOut({ shares: [0.3, 0.25, 0.2, 0.15, 0.1], count: 7 })).toEqual([2, 2, 1, 1, 1])
  })
})

describe('a plan', () => {
  test('has the tools of its type and no other', () => {
    for (const plan of PLANS) {
      const operations = operationsOf(plan)
      if (plan.type === 'no-tool') expect(operations).toEqual([])
      if (plan.type === 'single-tool') expect(operations).toHaveLength(1)
      if (plan.type === 'multi-tool') expect(operations.length).toBeGreaterThan(1)
      if (plan.type === 'multi-crop')
        expect(operations.filter((op) => op === 'crop').length).toBeGreaterThan(1)
      expect(plan.provocation !== null).toBe(plan.type === 'error-handling')
    }
  })

  test('undoes what was applied to each image, first of all', () => {
    for (const { images, steps } of PLANS)
      for (const [at, { transform }] of images.entries()) {
        const own = steps.filter(({ image }) => image === at).flatMap(({ operations }) => operations)
        if (transform === 'none')
          expect(own.every(({ op }) => !(TRANSFORMS as readonly string[]).includes(op))).toBe(true)
        else expect(own[0]).toEqual({ op: inverseOf(transform) })
      }
  })

  test('crops in pixels of what it works on, sizes and windows agree, and the evidence stays inside', () => {
    for (const plan of PLANS)
      for (const [at, step] of plan.steps.entries()) {
        const before = step.from === 'given' ? plan.images[step.image] : plan.steps[step.from]?.resultSize
        expect(step.inputSize).toMatchObject({ width: before?.width, height: before?.height })
        if (step.from !== 'given') expect(step.from).toBeLessThan(at)
        const [left, top, right, bottom] = step.window
        expect(step.resultSize).toEqual({ width: right - left, height: bottom - top })
        for (const operation of step.operations)
          if (operation.op === 'crop') {
            const [x0, y0, x1, y1] = operation.box
            expect([x1 - x0, y1 - y0]).toEqual([right - left, bottom - top])
          }
        const evidence: Box = step.image === 0 ? [400, 300, 460, 330] : [10, 700, 90, 730]
        expect(holds(step.window, evidence)).toBe(true)
      }
  })

  test('of a pair works on every image that needs it', () => {
    const pairs = PLANS.filter(({ images, type }) => images.length === 2 && type === 'multi-tool')
    expect(pairs.length).toBeGreaterThan(5)
    for (const { steps } of pairs) expect(new Set(steps.map(({ image }) => image))).toEqual(new Set([0, 1]))
    expect(new Set(pairs.map(({ images }) => images[1]?.transform)).size).toBeGreaterThan(2)
  })

  test('chains operations in one call here and there', () => {
    const multi = PLANS.filter(({ type }) => type === 'multi-tool')
    const chained = multi.filter(({ steps }) => steps.some(({ operations }) => operations.length > 1))
    expect(chained.length).toBeGreaterThan(0.2 * multi.length)
    expect(chained.length).toBeLessThan(0.8 * multi.length)
  })

  test('never provokes a wrong tool where only a filter is planned', () => {
    for (const { provocation, steps } of PLANS)
      if (provocation?.kind === 'wrong-tool')
        expect(
          steps[provocation.step]?.operations.some(({ op }) => op !== 'sharpen' && op !== 'median_blur'),
        ).toBe(true)
  })
})

test('nested windows shrink to half at least, one inside the other, around the evidence', () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = createRandom({ seed: `windows ${seed}` })
    const [width, height] = [random.integer(200, 3000), random.integer(200, 3000)]
    const [left, top] = [random.integer(0, width - 61), random.integer(0, height - 31)]
    const box: Box = [left, top, left + random.integer(10, 60), top + random.integer(8, 30)]
    const place = { box, width, height, grid: 1 }
    if (!canNest(place)) continue
    const windows = drawNestedWindows({ ...place, random, maxArea: MAX_PIXELS })
    expect(windows.length).toBeGreaterThan(1)
    for (const [at, window] of windows.entries()) {
      const outer = windows[at - 1] ?? [0, 0, width, height]
      expect(holds(outer, window)).toBe(true)
      expect(holds(window, box)).toBe(true)
      expect(window.every(Number.isInteger)).toBe(true)
      if (at > 0) expect(areaOf(window) * 1.9).toBeLessThan(areaOf(outer))
      else expect(areaOf(window)).toBeLessThan(0.8 * width * height)
    }
  }
})

test('on a grid, the sides of windows are multiples of it', () => {
  for (let seed = 0; seed < 100; seed++) {
    const random = createRandom({ seed: `grid ${seed}` })
    const [width, height, grid] = [28 * random.integer(10, 60), 28 * random.integer(10, 60), 28]
    const box: Box = [width - 70, 20, width - 11, 42]
    if (!canNest({ box, width, height, grid })) continue
    for (const window of drawNestedWindows({ box, width, height, grid, random, maxArea: MAX_PIXELS })) {
      expect([(window[2] - window[0]) % 28, (window[3] - window[1]) % 28]).toEqual([0, 0])
      expect(holds([0, 0, width, height], window)).toBe(true)
      expect(holds(window, box)).toBe(true)
    }
  }
})

describe('evidence', () => {
  const size = { width: 1000, height: 1000 }
  const maxPixels = 250 * 250
  test('is small where a row says that it must be cropped, and a crop would show more', () => {
    const box: Box = [0, 0, 300, 300]
    expect(readEvidence({ box, size, stated: true, maxPixels })).toBe('small')
    expect(readEvidence({ box, size, stated: true, maxPixels: 1e6 })).toBe('unclear')
    expect(readEvidence({ box: null, size, stated: true, maxPixels })).toBe('unclear')
  })

  test('is judged by its size in the view where the row does not say', () => {
    expect(readEvidence({ box: [0, 0, 400, 79], size, stated: null, maxPixels })).toBe('small')
    expect(readEvidence({ box: [0, 0, 400, 80], size, stated: null, maxPixels })).toBe('legible')
    expect(readEvidence({ box: [0, 0, 400, 79], size, stated: false, maxPixels })).toBe('legible')
    expect(readEvidence({ box: [0, 0, 400, 55], size, stated: false, maxPixels })).toBe('unclear')
    expect(readEvidence({ box: null, size, stated: null, maxPixels })).toBe('unknown')
  })
})

describe('options', () => {
  test('a mix is read from text, and a slip is told', () => {
    expect(parseMix('single-tool=0.5, no-tool=1')).toMatchObject({
      'single-tool': 0.5,
      'no-tool': 1,
      'multi-crop': 0,
    })
    expect(() => parseMix('single-tol=1')).toThrow(/did you mean single-tool/)
    expect(() => parseMix('single-tool')).toThrow(/expected a share of single-tool/)
    expect(() => parseMix('no-tool=0')).toThrow(/share above 0/)
  })

  test('a number of trajectories is whole', () => {
    expect(() => checkCurationOptions({ ...OPTIONS, count: 0 })).toThrow(
      '--count: expected a whole number from 1, got 0',
    )
    expect(() => checkCurationOptions({ ...OPTIONS, provocations: [] })).toThrow(/--provocations/)
  })
})
