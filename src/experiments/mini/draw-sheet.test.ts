import { expect, test } from '@jest/globals'
import { parseBoardConfig } from '../../data/card-board/board-config.js'
import { boardGlyphs } from '../../data/card-board/board-glyphs.js'
import { createRandom } from '../../data/demo/random.js'
import { drawSheet } from './draw-sheet.js'

test.each([2, 3.5, 8])('digits of %f pixels of the view stay within their sheet', async (findHeight) => {
  const glyphs = await boardGlyphs(parseBoardConfig({ findHeight }))
  const draw = (seed: string): ReturnType<typeof drawSheet> =>
    drawSheet({ glyphs, random: createRandom({ seed }), side: 64 })
  const { image, digits } = draw('a')
  expect(image).toMatchObject({ width: 64, height: 64, channels: 3 })
  expect(image.data).toHaveLength(64 * 64 * 3)
  expect(digits).toMatch(/^\d+$/)
  expect(draw('a').digits).toBe(digits)
  expect(Buffer.from(draw('b').image.data).equals(Buffer.from(image.data))).toBe(false)
  if (findHeight === 3.5) expect(digits).toHaveLength(9)
})
