import { expect, test } from '@jest/globals'
import { compareBoxes } from './compare-boxes.js'

const call = { code: '' }

function reasonOf({
  read,
  observed,
  transforms = ['crop'],
  imageIndex = 0,
}: {
  read: number[][]
  observed: number[][]
  transforms?: string[]
  imageIndex?: number
}): string | undefined {
  const analysis = { transforms, cropBoxes: observed }
  const [disagreement] = compareBoxes({ call: { ...call, imageIndex }, read, observed: analysis })
  return disagreement?.reason
}

const BOX = [10, 10, 50, 50]

test('boxes that differ by rounding are the same', () => {
  expect(reasonOf({ read: [[10.4, 9.6, 50, 50]], observed: [BOX] })).toBeUndefined()
})

test.each([
  ['argument-unseen', { read: [], observed: [BOX] }],
  ['frame-unknown', { read: [BOX], observed: [] }],
  ['other-frame', { read: [BOX], observed: [[0, 0, 9, 9]], imageIndex: 1 }],
  ['other-frame', { read: [BOX], observed: [[0, 0, 9, 9]], transforms: ['rotate_90', 'crop'] }],
  ['other-frame', { read: [BOX], observed: [[0, 0, 9, 9]], transforms: ['resize', 'crop'] }],
  ['several-crops', { read: [[0, 0, 9, 9], BOX], observed: [[2, 2, 3, 3]] }],
  ['clipped', { read: [[10, 10, 500, 500]], observed: [BOX] }],
  ['other-values', { read: [[0, 0, 9, 9]], observed: [BOX] }],
  ['other-values', { read: [[NaN, 0, 9, 9]], observed: [BOX] }],
])('boxes differ for the reason %s', (reason, given) => {
  expect(reasonOf(given)).toBe(reason)
})
