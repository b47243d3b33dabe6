import { z } from 'zod'
import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { imageCell } from './cells.js'
import { checkRow } from './check-row.js'
import { optionLines, shuffleChoices } from './choices.js'
import type { Layout } from './layout.js'
import { fillPrompt } from './prompt-template.js'

/** The five that may have been applied, in words. */
const CHOICES: readonly { transform: Exclude<Transform, 'none'>; text: string }[] = [
  { transform: 'rotate_90', text: 'turned by 90 degrees, counter-clockwise' },
  { transform: 'rotate_180', text: 'turned by 180 degrees' },
  { transform: 'rotate_270', text: 'turned by 90 degrees, clockwise' },
  { transform: 'flip_horizontal', text: 'mirrored, left and right exchanged' },
  { transform: 'flip_vertical', text: 'mirrored, top and bottom exchanged' },
]

const row = z.object({
  /** Of the picture, the same wherever its folder stands. */
  name: z.string(),
  image: imageCell,
  transform: z.enum(TRANSFORMS).exclude(['none']),
})

const QUESTION = 'One thing was done to this picture before you were given it. Which?'

/** Which of the five transformations was applied (paper, section 1): rows that are drawn from a folder of pictures, see `openImageFolder`. */
export const orientation: Layout = {
  schema: 'orientation',
  required: { parquet: Object.keys(row.shape), tsv: Object.keys(row.shape) },
  fields({ raw, settings: { suite, seed, prompt } }) {
    const { name, image, transform } = checkRow({ schema: row, raw })
    const id = `${name}:${transform}`
    const { options, letter } = shuffleChoices({
      options: CHOICES.map(({ text }) => text),
      right: CHOICES.findIndex((choice) => choice.transform === transform),
      seed: `${seed} ${suite} ${id}`,
    })
    return {
      id,
      question: fillPrompt({ prompt, values: { question: QUESTION, options: optionLines(options) } }),
      answers: [letter],
      images: [image],
      applied: [transform],
      isCanonical: true,
      box: null,
      options,
      category: transform,
      distinction: id,
      metadata: {},
    }
  },
}
