import type { HiertextAnnotation, HiertextWord } from '../hiertext-annotation.js'
import { rectangle } from './draw-hiertext.js'

/** Pixels of one character, of a line of text, and from one line to the next. */
const [CHARACTER, HEIGHT, STEP] = [6, 10, 15]

/**
 * An annotated image by its text alone: paragraphs beside each other, lines below each other, words apart by one character. `word` may change a word.
 */
export function annotate(
  paragraphs: readonly (readonly string[])[],
  {
    word = (plain) => plain,
    legible = true,
  }: { word?: (plain: HiertextWord) => HiertextWord; legible?: boolean } = {},
): HiertextAnnotation {
  return {
    image_id: 'image',
    image_width: 2000,
    image_height: 1500,
    paragraphs: paragraphs.map((lines, column) => ({
      vertices: rectangle({ left: column * 600, top: 100, right: column * 600 + 500, bottom: 700 }),
      legible,
      lines: lines.map((text, row) => {
        const top = 100 + row * STEP
        let left = 50 + column * 600
        const start = left
        const words = text.split(' ').map((one) => {
          const right = left + one.length * CHARACTER
          const vertices = rectangle({ left, top, right, bottom: top + HEIGHT })
          left = right + CHARACTER
          return word({ vertices, text: one, legible: true, handwritten: false, vertical: false })
        })
        const vertices = rectangle({ left: start, top, right: left, bottom: top + HEIGHT })
        const isLegible = words.every(({ legible }) => legible)
        return { vertices, text, legible: isLegible, handwritten: false, vertical: false, words }
      }),
    })),
  }
}
