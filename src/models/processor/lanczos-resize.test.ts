import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { lanczosResize } from './lanczos-resize.js'

interface Case {
  width: number
  height: number
  to: { width: number; height: number }
  /** RGB, base64. */
  pixels: string
  /** As Pillow resized it. */
  resized: string
}

const { cases } = JSON.parse(
  readFileSync(new URL('../testing/lanczos-cases.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

test.each(cases)(
  'an image of $width × $height is resized to $to.width × $to.height as by Pillow, to the byte',
  ({ pixels, resized, ...sizes }) => {
    const ours = lanczosResize({ pixels: Buffer.from(pixels, 'base64'), channels: 3, ...sizes })
    expect(Buffer.from(ours).equals(Buffer.from(resized, 'base64'))).toBe(true)
  },
)
