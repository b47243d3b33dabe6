import { expect, test } from '@jest/globals'
import { readTrainingCurves } from './training-curves.js'

const read = (lines: readonly unknown[]) =>
  readTrainingCurves({ readLines: () => Promise.resolve([...lines]) })

test('what a step did and what was measured after it stand together, and a gap is a gap', async () => {
  expect(
    await read([
      { step: 0, figures: { 'evaluation/accuracy': 0.1 } },
      { step: 1, figures: { loss: 2 } },
      { step: 2, figures: { loss: 1 } },
      { step: 2, figures: { 'evaluation/accuracy': 0.3 } },
      'half a li',
    ]),
  ).toEqual({
    steps: [0, 1, 2],
    figures: [
      ['evaluation/accuracy', [0.1, null, 0.3]],
      ['loss', [null, 2, 1]],
    ],
  })
})

test('a run that was no training has no curves', async () => {
  expect(await read([])).toBeNull()
})
