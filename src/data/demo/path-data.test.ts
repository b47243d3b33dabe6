import { expect, test } from '@jest/globals'
import { loadTypeface } from './typeface.js'
import { pathData } from './path-data.js'

test('coordinates are written in hundredths, those beside a whole number as that number', () => {
  expect(
    pathData([
      { type: 'M', x: 5e-14, y: 899.9999999999999 },
      { type: 'Q', x1: 1.006, y1: -2.5, x: 3, y: 4.123 },
      { type: 'Z' },
    ]),
  ).toBe('M0 900Q1.01 -2.5 3 4.12Z')
})

test('no letter is left in parts, wherever and however large it is written', () => {
  for (const name of ['roboto', 'roboto-bold', 'dejavu', 'dejavu-bold', 'caveat', 'patrick-hand'] as const)
    for (let place = 0; place < 40; place++) {
      const at = { x: place * 17, y: 31 * place, size: 20 + place * 1.7 }
      expect(loadTypeface(name).outline('AZaz0123456789-.', at)).toMatch(/^[MLQCZ0-9. -]+$/)
    }
})
