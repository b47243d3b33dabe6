// What an OCR reader reads that is told which way is up and where to look: in the view that the model has, and in the original.
import sharp from 'sharp'
import { drawTask } from '../../dist/data/mini-world/draw-task.js'
import { parseMiniWorldConfig } from '../../dist/data/mini-world/mini-world-config.js'
import { createOcrPool } from '../../dist/policies/tesseract/ocr-pool.js'
import { enlarged, viewOf } from './evidence-view.mjs'

/** Kinds whose answer stands in the picture as it is. */
const KINDS = ['read', 'look-up']

/** Rows of a family, and how many of them could be read in either. */
export async function readEvidence({ family, rows, seed, view }) {
  const config = parseMiniWorldConfig({
    seed,
    view,
    families: [family],
    kinds: KINDS,
    corrupted: 0,
    transforms: ['none'],
  })
  const pool = createOcrPool({ size: 2 })
  const read = async (image) => (await pool.read({ image, layout: 'block' })).map(({ text }) => text).join('')
  const right = { rows, view: 0, original: 0 }
  try {
    for (let index = 0; index < rows; index++) {
      const { answer, box, pictures } = await drawTask({ config, index })
      const seen = await viewOf({ bytes: pictures[0].given, box, view })
      if ((await read(await enlarged({ ...seen, height: 60 }))).includes(answer)) right.view++
      if ((await read(await enlarged({ bytes: pictures[0].given, box, height: 60 }))).includes(answer))
        right.original++
    }
  } finally {
    await pool.close()
  }
  return right
}

/** What undoes each corruption, as a program over the picture would. */
const REPAIR = {
  noise: (picture) => picture.median(3),
  blur: (picture) => picture.sharpen({ sigma: 2, m1: 3, m2: 6 }),
  'low-contrast': (picture) => picture.normalise(),
}

/** Of rows that a corruption spoils: how many OCR reads in the original, told where to look, as they are and after what undoes it. */
export async function readSpoilt({ rows, seed, view }) {
  const pool = createOcrPool({ size: 2 })
  const table = {}
  try {
    for (const [corruption, repair] of Object.entries(REPAIR)) {
      const config = parseMiniWorldConfig({
        seed,
        view,
        families: ['find'],
        kinds: KINDS,
        corrupted: 1,
        corruptions: [corruption],
        transforms: ['none'],
      })
      const right = { rows, 'as it is': 0, repaired: 0 }
      for (let index = 0; index < rows; index++) {
        const { answer, box, pictures } = await drawTask({ config, index })
        const repaired = await repair(sharp(pictures[0].given)).png().toBuffer()
        for (const [name, bytes] of [
          ['as it is', pictures[0].given],
          ['repaired', repaired],
        ]) {
          const words = await pool.read({
            image: await enlarged({ bytes, box, height: 60 }),
            layout: 'block',
          })
          if (
            words
              .map(({ text }) => text)
              .join('')
              .includes(answer)
          )
            right[name]++
        }
      }
      table[corruption] = right
    }
  } finally {
    await pool.close()
  }
  return table
}
