import { expect, test } from '@jest/globals'
import { mcnemarExact } from './mcnemar.js'

test.each([
  // Airway hyper-responsiveness before and after transplantation, in Fagerland et al., 2013: p = 0.070.
  [1, 7, 18 / 256],
  [0, 6, 2 / 64],
  [5, 5, 1],
  [0, 0, 1],
  // Approval of the prime minister, in Agresti, Categorical Data Analysis, section 10.1: 86 against 150.
  [86, 150, 3.716e-5],
])('%i against %i discordant pairs', (gained, lost, p) => {
  expect(mcnemarExact({ gained, lost }) / p).toBeCloseTo(1, 3)
  expect(mcnemarExact({ gained: lost, lost: gained })).toBe(mcnemarExact({ gained, lost }))
})

test('ten thousand discordant pairs do not underflow to nothing sensible', () => {
  expect(mcnemarExact({ gained: 5000, lost: 5000 })).toBe(1)
  expect(mcnemarExact({ gained: 4900, lost: 5100 })).toBeCloseTo(0.0466, 3)
})
