// What an OCR reader reads that is told which way is up and where to look: in the view that the model has, and in the original.
import sharp from 'sharp'
import { drawTask } from '../../dist/data/mini-world/draw-task.js'
import { parseMiniWorldConfig } from '../../dist/data/mini-world/mini-world-config.js'
import { createOcrPool } from '../../dist/policies/tesseract/ocr-pool.js'

/** Kinds whose answer stands in the picture as it is. */
const KINDS = ['read', 'look-up']

/** Rows of `find`, and how many of them could be read in either. */
export async function readEvidence({ rows, seed, view }) {
  const config = parseMiniWorldConfig({ seed, view, families: ['find'], kinds: KINDS, corrupted: 0, transforms: ['none'] })
  const pool = createOcrPool({ size: 2 })
  const read = async (image) => (await pool.read({ image, layout: 'block' })).map(({ text }) => text).join('')
  const right = { rows, view: 0, original: 0 }
  try {
    for (let index = 0; index < rows; index++) {
      const { answer, box, pictures } = await drawTask({ config, index })
      const { width, height } = await sharp(pictures[0].given).metadata()
      const scale = Math.sqrt(view / (width * height))
      const seen = await sharp(pictures[0].given)
        .resize(Math.round(width * scale), Math.round(height * scale), { kernel: 'lanczos3', fit: 'fill' })
        .png()
        .toBuffer()
      const inView = box.map((edge, side) => (side < 2 ? Math.floor(edge * scale) : Math.ceil(edge * scale)))
      if ((await read(await enlarged({ bytes: seen, box: inView, height: 60 }))).includes(answer)) right.view++
      if ((await read(await enlarged({ bytes: pictures[0].given, box, height: 60 }))).includes(answer)) right.original++
    }
  } finally {
    await pool.close()
  }
  return right
}

/** A region, as high as OCR likes it, with a margin of its own ground. */
async function enlarged({ bytes, box: [left, top, right, bottom], height }) {
  const { width, height: most } = await sharp(bytes).metadata()
  const region = { left, top, width: Math.min(width, right) - left, height: Math.min(most, bottom) - top }
  return sharp(bytes).extract(region).resize({ height, kernel: 'cubic' }).extend({ top: 20, bottom: 20, left: 20, right: 20, extendWith: 'copy' }).png().toBuffer()
}
