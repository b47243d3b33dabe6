import { expect, test } from '@jest/globals'
import { curvePoints } from './curve-points.js'

const curve = (...values: (number | null)[]) => ({
  steps: values.map((_, at) => at + 1),
  figures: [['accuracy', values]] as [string, (number | null)[]][],
})

test('a curve is the mean over seeds with the least and the most, at steps that all have', () => {
  const curves = [curve(0, 0.5, 1), curve(0.2, 0.5)]
  expect(curvePoints({ curves, name: 'accuracy', window: 1 })).toEqual([
    { step: 1, mean: 0.1, low: 0, high: 0.2 },
    { step: 2, mean: 0.5, low: 0.5, high: 0.5 },
  ])
  expect(curvePoints({ curves, name: 'other', window: 1 })).toEqual([])
  expect(curvePoints({ curves: [], name: 'accuracy', window: 1 })).toEqual([])
})

test('each training is averaged over near steps, fewer at its ends, steps without a value left out', () => {
  const points = curvePoints({ curves: [curve(0, null, 3, 6)], name: 'accuracy', window: 3 })
  expect(points.map(({ step, mean }) => [step, mean])).toEqual([
    [1, 1.5],
    [3, 3],
    [4, 4.5],
  ])
})
