import { expect, test } from '@jest/globals'
import { ropePositions } from './rope-positions.js'

const PAD = 9

test('text counts on, an image counts rows and columns, and the text behind it goes on after the longer side', () => {
  const ids = [1, 2, PAD, PAD, PAD, PAD, PAD, PAD, 3]
  const { axes, next } = ropePositions({ ids, imagePad: PAD, grids: [{ height: 2, width: 3 }] })
  expect([...axes[0]]).toEqual([0, 1, 2, 2, 2, 2, 2, 2, 5])
  expect([...axes[1]]).toEqual([0, 1, 2, 2, 2, 3, 3, 3, 5])
  expect([...axes[2]]).toEqual([0, 1, 2, 3, 4, 2, 3, 4, 5])
  expect(next).toBe(6)
})

test('a sequence in two parts has the positions of the whole', () => {
  const ids = [1, PAD, PAD, 2, 3, PAD, 4]
  const grids = [
    { height: 1, width: 2 },
    { height: 1, width: 1 },
  ]
  const whole = ropePositions({ ids, imagePad: PAD, grids })
  const first = ropePositions({ ids: ids.slice(0, 4), imagePad: PAD, grids: grids.slice(0, 1) })
  const second = ropePositions({ ids: ids.slice(4), imagePad: PAD, grids: grids.slice(1), first: first.next })
  for (const axis of [0, 1, 2] as const)
    expect([...first.axes[axis], ...second.axes[axis]]).toEqual([...whole.axes[axis]])
})

test.each([
  ['fewer pads than tokens', [PAD, 1], [{ height: 1, width: 2 }]],
  ['pads without an image', [PAD], []],
  ['an image without pads', [1], [{ height: 1, width: 1 }]],
])('%s are refused', (_, ids, grids) => {
  expect(() => ropePositions({ ids, imagePad: PAD, grids })).toThrow(RangeError)
})
