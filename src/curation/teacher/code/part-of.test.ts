import { expect, test } from '@jest/globals'
import { partOf } from './part-of.js'

test.each(['int', 'round'] as const)(
  '%s of a part is exactly the pixel, for every pixel of many sides',
  (rounding) => {
    for (const side of [28, 97, 224, 308, 1024, 3061]) {
      for (let pixel = 0; pixel <= side; pixel++) {
        const written = partOf({ pixel, side, name: 'w', rounding })
        const part = /^(?:int|round)\(w \* ([\d.]+)\)$/.exec(written)?.[1]
        if (pixel === 0) expect(written).toBe('0')
        else if (pixel === side) expect(written).toBe('w')
        else {
          const product = side * Number(part)
          expect(rounding === 'int' ? Math.floor(product) : Math.round(product)).toBe(pixel)
          // Python rounds halves to even: none may come near.
          expect(Math.abs((product % 1) - 0.5) > 0.01 || rounding === 'int').toBe(true)
        }
      }
    }
  },
)
