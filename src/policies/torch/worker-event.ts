import { z } from 'zod'
import { arrayLayout } from './arrays.js'

const id = z.number().int()

/** What the engine's process tells of a job. */
export const workerEvent = z.discriminatedUnion('status', [
  z.object({ id, status: z.literal('done'), result: z.unknown(), arrays: arrayLayout }),
  z.object({ id, status: z.literal('cancelled') }),
  z.object({
    id,
    status: z.literal('failed'),
    /** `refused`: the engine stays as it was; after the others it is of no use. */
    kind: z.enum(['refused', 'memory', 'defect']),
    message: z.string(),
    traceback: z.string(),
  }),
])

export type WorkerEvent = z.infer<typeof workerEvent>
