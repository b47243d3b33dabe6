import { expect, test } from '@jest/globals'
import type { Operation } from '../../core/execution.js'
import { observedAnalysis } from './observed-analysis.js'

function operation(op: string | null, { verified = true, box = null }: Partial<Operation> = {}): Operation {
  return { op, call: 'PIL.Image.Image.x', args: [], affine: null, box, verified }
}

test('only what the pixels bear out counts, each name once, in order', () => {
  const operations = [
    operation('rotate_90'),
    operation('contrast_up', { verified: false }),
    operation(null),
    operation('flip_vertical'),
    operation('rotate_90'),
  ]
  expect(observedAnalysis({ operations })).toEqual({
    transforms: ['rotate_90', 'flip_vertical'],
    cropBoxes: [],
  })
})

test('a crop has the region of the task image that the result shows, once', () => {
  const box = [10, 20, 30, 40] as const
  const operations = [
    operation('crop', { box }),
    operation('resize', { box }),
    operation('crop', { box }),
    operation('crop', { box: [1, 1, 9, 9], verified: false }),
  ]
  expect(observedAnalysis({ operations })).toEqual({
    transforms: ['crop', 'resize'],
    cropBoxes: [[10, 20, 30, 40]],
  })
})

test('a rotated image that shows all of it has no crop box', () => {
  const operations = [operation('rotate_90', { box: [0, 0, 9, 9] }), operation('crop')]
  expect(observedAnalysis({ operations })).toEqual({ transforms: ['rotate_90', 'crop'], cropBoxes: [] })
})
