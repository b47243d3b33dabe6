import { z } from 'zod'

/** State of a training loop between two steps. Everything random in it follows from seed, pass and step, so that these are all of its random state. */
export const checkpointState = z.object({
  version: z.literal(1),
  kind: z.enum(['sft', 'grpo']),
  /** Steps that were taken. */
  step: z.number().int().min(0),
  /** Steps of the whole training, which the learning rate follows. */
  totalSteps: z.number().int().min(1),
  seed: z.number(),
  /** SHA-256 over the identities of what is learned from, in the order of the data. */
  data: z.string(),
  /** Where in its data the loop stands: the pass, and the batch of it that comes next. */
  order: z.object({ pass: z.number().int().min(0), batch: z.number().int().min(0) }),
})

export type CheckpointState = z.output<typeof checkpointState>
