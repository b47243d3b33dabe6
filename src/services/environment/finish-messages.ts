import { z } from 'zod'
import { OUTCOMES } from '../../core/sample.js'

/** POST /v1/sessions/{id}/finish */
export const finishRequest = z.union([
  z.strictObject({
    text: z
      .string()
      .describe(
        'All that the model wrote and was told since the prompt, as a trainer decodes it: one text without special tokens.',
      ),
    opening: z
      .string()
      .max(1000)
      .optional()
      .describe("What the chat template begins each turn with and `text` does not have: '<think>\\n'."),
  }),
  z.strictObject({
    asking: z.array(z.string()).max(1000).describe('What the model wrote beside each call, in their order.'),
    last: z.string().describe('What it wrote behind the last one.'),
    finish_reason: z.enum(['stop', 'length']).default('stop').describe('length: `last` was cut off.'),
  }),
])

/** What the whole episode came to. */
export const finishAnswer = z.object({
  reward: z.number(),
  outcome: z.enum(OUTCOMES),
  stop: z.enum(['answer', 'turn-limit', 'token-limit', 'truncated']).nullable(),
  calls: z.number().int().describe('Turns that asked for a call and were answered.'),
  reward_parts: z.record(z.string(), z.number()),
  reward_reasons: z.array(z.string()),
})

export type FinishAnswer = z.output<typeof finishAnswer>
