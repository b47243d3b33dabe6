import { expect, test } from '@jest/globals'
import { TRANSFORMS } from '../../../core/transform.js'
import type { StageFigures } from '../stage-figures.js'
import { acrossSeeds } from './across-seeds.js'
import { seedsFigure } from './seeds-figure.js'
import { seedsTable } from './seeds-table.js'
import type { TrainedSeed } from './trained-seed.js'

/** A stage with one accuracy upright and another else. */
function stage(upright: number, else_: number, toolErrors = 0): StageFigures {
  return Object.fromEntries(
    TRANSFORMS.map((transform) => {
      const accuracy = transform === 'none' ? upright : else_
      return [
        transform,
        { n: 200, accuracy, low: accuracy - 0.05, high: accuracy + 0.02, turns: 2, toolErrors },
      ]
    }),
  ) as unknown as StageFigures
}

const SEEDS: TrainedSeed[] = [
  { label: 'a', stages: { base: stage(0.4, 0.1), rl: stage(0.96, 0.9, 1) } },
  { label: 'b', stages: { rl: stage(0.98, 0.9) } },
  { label: 'c', stages: { rl: stage(0.97, 0.9) } },
]

test('the interval of a mean over trainings is that of t, of one training that of Wilson, and of equal trainings none', () => {
  const figures = acrossSeeds(SEEDS)
  expect(figures.map(({ stage: of }) => of)).toEqual([
    ...Array<string>(7).fill('base'),
    ...Array<string>(7).fill('rl'),
  ])
  const [baseUpright, , , , , , baseAll, upright, turned, , , , , all] = figures
  expect(baseUpright).toMatchObject({
    transform: 'none',
    trainings: [{ label: 'a', accuracy: 0.4 }],
    mean: 0.4,
    basis: 'tasks',
  })
  // Wilson's of 80 in 200.
  expect(baseUpright?.interval?.[0]).toBeCloseTo(0.3347, 3)
  expect(baseAll).toMatchObject({ transform: 'all', basis: 'tasks' })
  expect(baseAll?.mean).toBeCloseTo(0.15)
  expect(upright?.mean).toBeCloseTo(0.97)
  // s = 0.01, t with 2 degrees of freedom 4.3027.
  expect(upright?.interval?.[0]).toBeCloseTo(0.97 - (4.3027 * 0.01) / Math.sqrt(3), 4)
  expect(upright?.interval?.[1]).toBeCloseTo(0.97 + (4.3027 * 0.01) / Math.sqrt(3), 4)
  expect(turned).toMatchObject({ transform: 'rotate_90', interval: null, basis: 'seeds', toolErrors: 1 })
  expect(all).toMatchObject({ transform: 'all', turns: 2, toolErrors: 6 })
  expect(all?.mean).toBeCloseTo((0.97 + 5 * 0.9) / 6)
})

test('an interval is no share outside of 0 and 1', () => {
  const [upright] = acrossSeeds([
    { label: 'a', stages: { rl: stage(0.9, 0.9) } },
    { label: 'b', stages: { rl: stage(1, 0.9) } },
  ])
  expect(upright?.interval?.[0]).toBeCloseTo(0.95 - 12.7062 * 0.05, 3)
  expect(upright?.interval?.[1]).toBe(1)
})

test('the table has a column for each training that has the stage', () => {
  const [base, rl] = seedsTable(acrossSeeds(SEEDS)).split('\n\n')
  expect(base?.split('\n')[0]).toMatch(/^base +a +mean +95 % +turns +errors$/)
  expect(rl?.split('\n')[0]).toMatch(/^rl +a +b +c +mean +95 % +turns +errors$/)
  expect(rl?.split('\n')[1]).toMatch(/^none +96\.0 +98\.0 +97\.0 +97\.0 +94\.5–99\.5 +2\.00 +1$/)
  expect(rl?.split('\n')).toHaveLength(8)
})

test('the figure has a dot for each training, stage and transformation', async () => {
  const svg = await seedsFigure(acrossSeeds(SEEDS))
  expect(svg.match(/<circle /g)).toHaveLength((1 + 3) * 6)
  const alone = await seedsFigure(acrossSeeds(SEEDS.slice(1, 2)))
  expect(alone.match(/<circle /g)).toHaveLength(6)
  expect(alone).toContain('GRPO')
  expect(alone).not.toContain('SFT')
})
