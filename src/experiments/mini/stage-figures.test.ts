import { expect, test } from '@jest/globals'
import { TRANSFORMS } from '../../core/transform.js'
import { ratesOf } from '../../evaluation/summary/rates.js'
import type { SampleDigest } from '../../evaluation/summary/digest.js'
import { stageFigures } from './stage-figures.js'
import { stagesTable } from './stages-table.js'

const ROLLOUT = {
  turns: 3,
  calls: 2,
  failedCalls: 1,
  malformedCalls: 0,
  recovered: true,
  emergentTools: [],
}

/** Four tasks, three of them right. */
const rates = ratesOf(
  Array.from({ length: 4 }, (_, at) => ({
    key: `${at}#0`,
    taskKey: String(at),
    cluster: String(at),
    epoch: 0,
    transform: 'none',
    category: null,
    scorer: 'none',
    outcome: at === 0 ? 'wrong' : 'correct',
    value: null,
    rollout: ROLLOUT,
  })) as unknown as SampleDigest[],
)

test('figures of a stage are accuracy with its Wilson interval, mean turns and failed calls, of each transformation', () => {
  const figures = stageFigures({ byTransform: Object.fromEntries(TRANSFORMS.map((name) => [name, rates])) })
  expect(Object.keys(figures)).toEqual([...TRANSFORMS])
  expect(figures.rotate_90).toMatchObject({ n: 4, accuracy: 0.75, turns: 3, toolErrors: 4 })
  // Wilson: (0.75 + z²/8 ± z √(0.75 · 0.25 / 4 + z²/64)) / (1 + z²/4) with z = 1.95996.
  expect(figures.rotate_90.low).toBeCloseTo(0.3006, 4)
  expect(figures.rotate_90.high).toBeCloseTo(0.9544, 4)
  expect(stagesTable({ base: figures }).split('\n')[1]).toMatch(/^none +75\.0 +30\.1–95\.4 +3\.00 +4$/)
})

test('a transformation of which nothing was scored is no figure', () => {
  expect(() => stageFigures({ byTransform: { none: rates } })).toThrow(
    'expected scored tasks of rotate_90, got none',
  )
})
