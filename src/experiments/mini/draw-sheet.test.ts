import { expect, test } from '@jest/globals'
import { parseBoardConfig } from '../../data/card-board/board-config.js'
import { boardGlyphs } from '../../data/card-board/board-glyphs.js'
import { createRandom } from '../../data/demo/random.js'
import { drawSheet } from './draw-sheet.js'

test.each([
  [64, 3],
  [80, 4],
])('a sheet of %i pixels has as many digits as cells, whatever is drawn', async (side, cells) => {
  const glyphs = await boardGlyphs(parseBoardConfig({}))
  const draw = (seed: string): ReturnType<typeof drawSheet> =>
    drawSheet({
      glyphs,
      random: createRandom({ seed }),
      layout: { side, columns: cells, rows: cells, cell: 20 },
    })
  const { image, digits } = draw('a')
  expect(image).toMatchObject({ width: side, height: side, channels: 3 })
  expect(image.data).toHaveLength(side * side * 3)
  expect(digits).toMatch(/^\d+$/)
  expect(digits).toHaveLength(cells ** 2)
  expect(draw('a').digits).toBe(digits)
  expect(Buffer.from(draw('b').image.data).equals(Buffer.from(image.data))).toBe(false)
})

test('cells that are too small for a digit are refused', async () => {
  const glyphs = await boardGlyphs(parseBoardConfig({}))
  expect(() =>
    drawSheet({
      glyphs,
      random: createRandom({ seed: 'a' }),
      layout: { side: 64, columns: 4, rows: 4, cell: 14 },
    }),
  ).toThrow('expected cells of at least 15 pixels for digits, got 14')
})
