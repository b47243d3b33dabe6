import { expect, test } from '@jest/globals'
import { shapeOf } from './polygon.js'

const image = { width: 100, height: 80 }

test('the box of a polygon holds it in whole pixels, inside the image', () => {
  const vertices = [
    [-3, 10.2],
    [40.5, 10.2],
    [40.5, 19.7],
    [-3, 19.7],
  ]
  expect(shapeOf({ vertices, ...image })?.box).toEqual([0, 10, 41, 20])
})

test('the height of a leaning word is measured across its direction, not along the picture', () => {
  const lean = (degrees: number): ReturnType<typeof shapeOf> => {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
    const corners = [
      [0, 0],
      [30, 0],
      [30, 10],
      [0, 10],
    ]
    const vertices = corners.map(([x = 0, y = 0]) => [50 + x * cos - y * sin, 40 + x * sin + y * cos])
    return shapeOf({ vertices, ...image })
  }
  for (const degrees of [0, 12, 40, 90, -150]) {
    expect(lean(degrees)?.height).toBeCloseTo(10, 6)
    expect(lean(degrees)?.angle).toBeCloseTo(degrees, 6)
  }
})

test('curved text has more vertices, and the height of its ribbon', () => {
  const upper = [10, 20, 30, 40].map((x, at) => [x, 20 - (at === 1 || at === 2 ? 3 : 0)])
  const vertices = [...upper, ...upper.map(([x = 0, y = 0]) => [x, y + 9]).reverse()]
  const shape = shapeOf({ vertices, ...image })
  expect(shape?.height).toBeGreaterThan(8)
  expect(shape?.height).toBeLessThanOrEqual(9)
  expect(shape?.angle).toBeCloseTo(0)
})

test.each([
  ['no point', []],
  [
    'a triangle',
    [
      [0, 0],
      [9, 0],
      [9, 9],
    ],
  ],
  [
    'a line',
    [
      [0, 0],
      [9, 0],
      [9, 0],
      [0, 0],
    ],
  ],
  [
    'a number that is none',
    [
      [0, 0],
      [Number.NaN, 0],
      [9, 9],
      [0, 9],
    ],
  ],
  ['a point of one number', [[0, 0], [9], [9, 9], [0, 9]]],
  [
    'all of it outside',
    [
      [200, 0],
      [209, 0],
      [209, 9],
      [200, 9],
    ],
  ],
])('a polygon that encloses nothing has no shape: %s', (_, vertices) => {
  expect(shapeOf({ vertices, ...image })).toBeNull()
})
