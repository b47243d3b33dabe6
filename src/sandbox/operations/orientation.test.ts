import { describe, expect, test } from '@jest/globals'
import { compose, IDENTITY, invert, regionOf } from './affine.js'
import { neededOrientations } from './needed-orientations.js'
import { ORIENTATIONS } from '../../core/orientation.js'
import { orientationMap, orientationOf, swapsSides, then } from './orientation.js'

const SIZE = { width: 6, height: 4 }

describe('an orientation', () => {
  test.each(ORIENTATIONS)('%s is told from its own map, and shows the whole image', (orientation) => {
    const map = orientationMap(orientation, SIZE)
    expect(orientationOf(map)).toBe(orientation)
    const shown = swapsSides(orientation) ? { width: 4, height: 6 } : SIZE
    expect(regionOf(map, shown)).toEqual([0, 0, 6, 4])
  })

  test('rotate_90 is counter-clockwise: its first pixel was the last of the first row', () => {
    const [a, b, c, d, e, f] = orientationMap('rotate_90', SIZE)
    expect([a * 0.5 + b * 0.5 + c, d * 0.5 + e * 0.5 + f]).toEqual([5.5, 0.5])
  })

  test.each(ORIENTATIONS.flatMap((first) => ORIENTATIONS.map((second) => [first, second] as const)))(
    '%s then %s is what their maps make together',
    (first, second) => {
      const turned = swapsSides(first) ? { width: 4, height: 6 } : SIZE
      const both = compose(orientationMap(first, SIZE), orientationMap(second, turned))
      expect(orientationOf(both)).toBe(then(first, second))
    },
  )

  test.each([
    [85.1, 'rotate_90'],
    [94.9, 'rotate_90'],
    [84, null],
    [30, null],
    [-92, 'rotate_270'],
    [178, 'rotate_180'],
  ])('a rotation by %d degrees counts as %s', (degrees, expected) => {
    const angle = (degrees * Math.PI) / 180
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    expect(orientationOf([cos, -sin, 0, sin, cos, 0])).toBe(expected)
  })

  test('a shear and a map onto a line have none', () => {
    expect(orientationOf([1, 0.5, 0, 0, 1, 0])).toBeNull()
    expect(orientationOf([0, 0, 1, 0, 1, 0])).toBeNull()
    expect(invert([0, 0, 1, 0, 1, 0])).toBeNull()
  })
})

test('a map and its inverse cancel', () => {
  const map = [2, 1, 3, -1, 4, 5] as const
  expect(compose(map, invert(map) ?? IDENTITY).map((value) => Math.round(value * 1e9) / 1e9 + 0)).toEqual([
    ...IDENTITY,
  ])
})

describe('of several turns, needed are', () => {
  test.each([
    [['rotate_90'], [0]],
    [['rotate_90', 'rotate_270'], []],
    [
      ['rotate_90', 'rotate_90'],
      [0, 1],
    ],
    [['rotate_90', 'rotate_90', 'rotate_90', 'rotate_90'], []],
    [['rotate_180', 'rotate_90', 'rotate_270'], [0]],
    [
      ['flip_horizontal', 'flip_vertical'],
      [0, 1],
    ],
    [['none', 'flip_horizontal'], [1]],
    [[], []],
  ] as const)('%j: those at %j', (steps, needed) => {
    expect([...neededOrientations(steps)]).toEqual(needed)
  })

  test('none of more than anybody makes', () => {
    expect(neededOrientations(Array.from({ length: 11 }, () => 'rotate_90')).size).toBe(0)
  })
})
