import { z } from 'zod'
import { MOST_IMAGES } from '../../config/tool-schema.js'
import { pythonText } from '../python-text.js'

const side = z
  .number()
  .int()
  .positive()
  .max(2 ** 31)

/** What the code of a job asks, as its host passes it on: written by a process that hostile code runs in. */
export const toolRequest = z.object({
  event: z.literal('tool'),
  /** Of the job. */
  id: z.number().int(),
  /** Counts from 1 in each job. */
  request: z.number().int().positive(),
  tool: z.string().max(40),
  /** By parameter; an image is its place among `images`. */
  arguments: z.record(pythonText(40), z.unknown()),
  /** Their pixels lie one behind the other in the file for the result. */
  images: z
    .array(z.object({ mode: z.enum(['RGB', 'RGBA', 'L']), width: side, height: side }))
    .max(MOST_IMAGES),
})

export type ToolRequest = z.infer<typeof toolRequest>
