import { z } from 'zod'
import { TRANSFORMS } from '../../../core/transform.js'

const text = z.string()
const coordinate = z.number()

/** What a line says of its question. */
export const taskOfLine = z.object({
  id: text,
  suite: text,
  question: text,
  answers: z.array(text),
  options: z.array(text).exactOptional(),
  category: text.exactOptional(),
  cluster: text.exactOptional(),
  transform: z.enum(TRANSFORMS),
  requiredTools: z.array(text).nullable(),
  /** Left, top, right, bottom in pixels of the first image in full resolution. */
  box: z.tuple([coordinate, coordinate, coordinate, coordinate]).nullable(),
  metadata: z.record(text, z.unknown()),
  images: z.number().int().min(0),
})
