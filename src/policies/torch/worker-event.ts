import { z } from 'zod'
import { arrayLayout } from './arrays.js'

const id = z.number().int()
const failed = { id, status: z.literal('failed'), message: z.string(), traceback: z.string() }

/** What the engine's process tells of a job. */
export const workerEvent = z.discriminatedUnion('status', [
  z.object({ id, status: z.literal('done'), result: z.unknown(), arrays: arrayLayout }),
  z.object({ id, status: z.literal('cancelled') }),
  z.discriminatedUnion('kind', [
    z.object({
      ...failed,
      /** `refused`: the engine stays as it was; after the others it is of no use. */
      kind: z.enum(['refused', 'memory', 'defect']),
    }),
    z.object({
      ...failed,
      /** A file could not be written; the engine stays as it was. */
      kind: z.literal('unwritten'),
      /** The system's, such as `ENOSPC`. */
      code: z.string(),
    }),
  ]),
])

export type WorkerEvent = z.infer<typeof workerEvent>
export type WorkerFailure = Extract<WorkerEvent, { status: 'failed' }>
