import { z } from 'zod'

/** Points [x, y] in pixels. How many there are, and whether they enclose anything, is for the reader of the polygon. */
const polygon = z.array(z.array(z.number()))

const word = z.object({
  vertices: polygon,
  /** Empty where the word is not legible. */
  text: z.string(),
  legible: z.boolean(),
  handwritten: z.boolean().default(false),
  vertical: z.boolean().default(false),
})

const line = word.extend({ words: z.array(word) })

const paragraph = z.object({
  vertices: polygon,
  legible: z.boolean(),
  /** Not always in reading order; the words of a line are. */
  lines: z.array(line),
})

/** What HierText annotates of one image (Long et al., CVPR 2022; the data set's own description of its format). */
export const hiertextAnnotation = z.object({
  /** Name of the image file without its extension. */
  image_id: z.string().min(1),
  image_width: z.number().int().positive(),
  image_height: z.number().int().positive(),
  paragraphs: z.array(paragraph),
})

export type HiertextAnnotation = z.output<typeof hiertextAnnotation>
export type HiertextWord = z.output<typeof word>
export type HiertextLine = z.output<typeof line>
