import { expect, test } from '@jest/globals'
import type { Transform } from '../../core/transform.js'
import { benchmarkFigures } from './benchmark-figures.js'
import type { SampleDigest } from './digest.js'

function digest(changes: Partial<SampleDigest> & { taskKey: string }): SampleDigest {
  const { taskKey } = changes
  return {
    ...{ key: `${taskKey}#0`, epoch: 0, cluster: taskKey, transform: 'none', scorer: 'none' },
    ...{ outcome: 'correct' },
    ...{ category: null, rotation: null, value: null, rollout: null },
    ...changes,
  }
}

test('HR-Bench: the mean of each rotation, then over rotations, for all, cross and single', () => {
  // Two questions (single s, cross c) in four rotations; s is right in three of them, c in one.
  const right: Record<string, string[]> = { s: ['0', '1', '2'], c: ['0'] }
  const digests = Object.entries(right).flatMap(([cluster, rotations]) =>
    ['0', '1', '2', '3'].map((rotation) =>
      digest({
        taskKey: `${cluster}${rotation}`,
        cluster,
        rotation,
        category: cluster === 's' ? 'single' : 'cross',
        outcome: rotations.includes(rotation) ? 'correct' : 'wrong',
      }),
    ),
  )
  const figures = benchmarkFigures({ digests })
  if (figures?.kind !== 'hrbench') throw new Error('expected figures of HR-Bench')
  const { byRotation, mean } = figures.byTransform.none ?? {}
  expect(byRotation).toEqual({
    0: { all: { n: 2, mean: 1 }, cross: { n: 1, mean: 1 }, single: { n: 1, mean: 1 } },
    1: { all: { n: 2, mean: 0.5 }, cross: { n: 1, mean: 0 }, single: { n: 1, mean: 1 } },
    2: { all: { n: 2, mean: 0.5 }, cross: { n: 1, mean: 0 }, single: { n: 1, mean: 1 } },
    3: { all: { n: 2, mean: 0 }, cross: { n: 1, mean: 0 }, single: { n: 1, mean: 0 } },
  })
  expect(Object.entries(mean ?? {}).map(([part, { value }]) => [part, value])).toEqual([
    ['all', 0.5],
    ['cross', 0.25],
    ['single', 0.75],
  ])
})

test('HR-Bench: rotations of unequal size still weigh the same', () => {
  const digests = [
    digest({ taskKey: 'a', rotation: '0', category: 'single' }),
    digest({ taskKey: 'b', rotation: '1', category: 'single', outcome: 'wrong' }),
    digest({ taskKey: 'c', rotation: '1', category: 'single', outcome: 'wrong' }),
  ]
  const figures = benchmarkFigures({ digests })
  expect(figures).toMatchObject({ byTransform: { none: { mean: { all: { value: 0.5 } } } } })
})

test('OCRBench: points of the 1000, of each transformation and type', () => {
  const of = (transform: Transform, category: string, index: number, isRight: boolean): SampleDigest =>
    digest({
      taskKey: `${transform}${index}`,
      transform,
      scorer: 'ocrbench',
      category,
      outcome: isRight ? 'correct' : 'turn-limit',
    })
  const digests = [
    of('none', 'Doc-oriented VQA', 0, true),
    of('none', 'Doc-oriented VQA', 1, false),
    of('none', 'Scene Text-centric VQA', 2, true),
    of('rotate_90', 'Doc-oriented VQA', 3, false),
    digest({ taskKey: 'lost', scorer: 'ocrbench', outcome: 'model-error' }),
  ]
  expect(benchmarkFigures({ digests })).toEqual({
    kind: 'ocrbench',
    byTransform: {
      none: {
        score: 2,
        of: 3,
        byCategory: {
          'Doc-oriented VQA': { score: 1, of: 2 },
          'Scene Text-centric VQA': { score: 1, of: 1 },
        },
      },
      rotate_90: { score: 0, of: 1, byCategory: { 'Doc-oriented VQA': { score: 0, of: 1 } } },
    },
  })
})

test('ChartQAPro: mean credit by type, and over all questions alike', () => {
  const digests = [
    digest({ taskKey: 'a', scorer: 'chartqapro', category: 'Factoid', value: 1 }),
    digest({ taskKey: 'b', scorer: 'chartqapro', category: 'Factoid', value: 0.5, outcome: 'wrong' }),
    digest({ taskKey: 'c', scorer: 'chartqapro', category: 'Hypothetical', value: 0, outcome: 'wrong' }),
  ]
  expect(benchmarkFigures({ digests })).toEqual({
    kind: 'chartqapro',
    byTransform: {
      none: {
        n: 3,
        mean: 0.5,
        byType: { Factoid: { n: 2, mean: 0.75 }, Hypothetical: { n: 1, mean: 0 } },
      },
    },
  })
})

test('other suites, and runs without a scored sample, report plain accuracy', () => {
  expect(benchmarkFigures({ digests: [digest({ taskKey: 'a' })] })).toBeNull()
  expect(benchmarkFigures({ digests: [] })).toBeNull()
})
