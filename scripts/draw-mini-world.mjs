// Draws docs/images/mini-world.png: a scene of `find` in each style, each in another orientation, some of them spoilt, with the box of the evidence.
// npm run build && node scripts/draw-mini-world.mjs
import sharp from 'sharp'
import { fileURLToPath } from 'node:url'
import { drawTask } from '../dist/data/mini-world/draw-task.js'
import { parseMiniWorldConfig } from '../dist/data/mini-world/mini-world-config.js'

const SIDE = 420
const GAP = 12
const SCENES = [
  { styles: ['cards'], transforms: ['none'], kinds: ['look-up'], corrupted: 0 },
  { styles: ['receipt'], transforms: ['rotate_90'], kinds: ['sum'], corrupted: 0 },
  {
    styles: ['sign'],
    transforms: ['flip_horizontal'],
    kinds: ['compare'],
    corruptions: ['noise'],
    corrupted: 1,
  },
  { styles: ['table'], transforms: ['rotate_180'], kinds: ['look-up'], corrupted: 0 },
  { styles: ['chart'], transforms: ['none'], kinds: ['count'], corruptions: ['low-contrast'], corrupted: 1 },
  { styles: ['note'], transforms: ['flip_vertical'], kinds: ['read'], corruptions: ['blur'], corrupted: 1 },
]

const tiles = []
for (const [at, scene] of SCENES.entries()) {
  const config = parseMiniWorldConfig({ seed: 'figure', families: ['find'], pairs: 0, ...scene })
  const { box, pictures, question, answer } = await drawTask({ config, index: at })
  console.log(`${question} ${answer}`)
  const { width, height } = await sharp(pictures[0].given).metadata()
  const [left, top, right, bottom] = box
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" fill="none" stroke="#e6007e" stroke-width="4"/></svg>`
  const framed = await sharp(pictures[0].given)
    .composite([{ input: Buffer.from(frame) }])
    .png()
    .toBuffer()
  const input = await sharp(framed)
    .resize({ width: SIDE, height: SIDE, fit: 'contain', background: '#ffffff' })
    .png()
    .toBuffer()
  tiles.push({ input, left: (at % 3) * (SIDE + GAP), top: Math.floor(at / 3) * (SIDE + GAP) })
}
await sharp({
  create: { width: 3 * SIDE + 2 * GAP, height: 2 * SIDE + GAP, channels: 3, background: '#ffffff' },
})
  .composite(tiles)
  .png({ palette: true, colours: 128, dither: 0 })
  .toFile(fileURLToPath(new URL('../docs/images/mini-world.png', import.meta.url)))
