import { expect, test } from '@jest/globals'
import { knownImage, stamp } from './known-image.js'

test('a stamp is in the pixel that it names, and the image is turned by half', () => {
  const image = knownImage({ client: 9, session: 1, width: 2, height: 1 })
  expect([...image.pixels]).toEqual([13, 5, 9, 20, 5, 9])
  const { code, result } = stamp({ image, client: 9, call: 0x0304, x: 0, y: 0 })
  expect([...result.pixels]).toEqual([20, 5, 9, 3, 4, 9])
  expect(code).toContain('image.putpixel((0, 0), (3, 4, 9))')
})
