import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile } from '../../models/read-json-file.js'

const numbers = z.array(z.number())

const part = z.union([
  z.object({ type: z.literal('image') }),
  z.object({ type: z.literal('text'), text: z.string() }),
])

const modelCase = z.object({
  name: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.union([z.string(), z.array(part)]) })),
  images: z.array(z.string()),
  text: z.string(),
  input_ids: numbers,
  image_grid_thw: z.array(z.tuple([z.number(), z.number(), z.number()])),
  position_ids: z.tuple([numbers, numbers, numbers]),
  /** Row, column (negative: from the end), value. */
  pixel_values_sample: z.array(z.tuple([z.number(), z.number(), z.number()])),
  logits_last: numbers,
  logprobs: numbers,
  greedy: numbers,
  train: z.object({ target_ids: numbers, loss: z.number(), grad_norms: z.record(z.string(), z.number()) }),
})

const modelCases = z.object({
  tolerance: z.object({
    logits_abs: z.number(),
    logprob_abs: z.number(),
    loss_rel: z.number(),
    grad_norm_rel: z.number(),
  }),
  cases: z.array(modelCase).min(1),
})

/** What the reference implementation computed from a checkpoint for one conversation. */
export type ModelCase = z.output<typeof modelCase>
export type Tolerance = z.output<typeof modelCases>['tolerance']

/** Read `cases.json` of a checkpoint. @throws UsageError when it is missing or not as expected. */
export function readModelCases(directory: string): Promise<z.output<typeof modelCases>> {
  return readJsonFile({ path: join(directory, 'cases.json'), schema: modelCases })
}
