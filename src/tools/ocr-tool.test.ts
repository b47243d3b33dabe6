import { expect, test } from '@jest/globals'
import sharp from 'sharp'
import type { ToolImage } from '../core/host-tool.js'
import { createOcrTool } from './ocr-tool.js'

test('words are read with boxes in pixels of the image that was handed over', async () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="160"><rect width="480" height="160" fill="white"/>
    <text x="40" y="70" font-family="DejaVu Sans" font-size="40">TOTAL 99.66</text></svg>`
  const { data, info } = await sharp(Buffer.from(svg))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const image: ToolImage = {
    ...{ width: info.width, height: info.height, mode: 'RGB', pixels: data },
    png: () => sharp(Buffer.from(svg)).png().toBuffer(),
  }
  const tool = createOcrTool()
  try {
    await tool.open?.()
    const { signal } = new AbortController()
    for (const layout of [undefined, 'block']) {
      const words = (await tool.call({ image, layout }, { signal })) as {
        text: string
        confidence: number
        box: number[]
      }[]
      expect(words.map(({ text }) => text).join(' ')).toBe('TOTAL 99.66')
      const [left = 0, top = 0, right = 0, bottom = 0] = words[0]?.box ?? []
      expect([left > 30, top > 25, right < 230, bottom < 85, words[0]?.confidence]).toEqual([
        ...[true, true, true, true],
        expect.any(Number),
      ])
    }
  } finally {
    await tool.close?.()
  }
})
