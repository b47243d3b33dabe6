import { expect, test } from '@jest/globals'
import { newcombePaired } from './newcombe-paired.js'

/** Newcombe's differences are first minus second. */
test('his first example, 36, 12, 2 and 0 pairs, is from 0.0569 to 0.3404', () => {
  const [low, high] = newcombePaired({ both: 36, first: 12, second: 2, neither: 0 })
  expect([-high, -low].map((bound) => bound.toFixed(4))).toEqual(['0.0569', '0.3404'])
})

test('airway hyper-responsiveness in Fagerland et al., 2014: from −0.507 to −0.026', () => {
  const [low, high] = newcombePaired({ both: 1, first: 1, second: 7, neither: 12 })
  expect([-high, -low].map((bound) => bound.toFixed(3))).toEqual(['-0.507', '-0.026'])
})

test('exchanging the two mirrors the interval, and no discordant pair gives one around zero', () => {
  const [low, high] = newcombePaired({ both: 20, first: 3, second: 9, neither: 8 })
  const mirrored = newcombePaired({ both: 20, first: 9, second: 3, neither: 8 })
  expect(mirrored[0]).toBeCloseTo(-high, 12)
  expect(mirrored[1]).toBeCloseTo(-low, 12)
  const none = newcombePaired({ both: 5, first: 0, second: 0, neither: 0 })
  expect(none[0]).toBeLessThan(0)
  expect(none[0]).toBeCloseTo(-none[1], 12)
})
