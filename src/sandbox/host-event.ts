import { z } from 'zod'
import { claim } from './operations/claim.js'
import { pythonText } from './python-text.js'
import { toolRequest } from './tools/tool-request.js'

const text = pythonText(10_000)
const size = z
  .number()
  .int()
  .max(2 ** 31)

/** Absent where no code ran to its end. */
const operations = claim.default({ root: null, size: null, steps: [] })

const finishedOk = z.object({
  event: z.literal('finished'),
  id: z.number().int(),
  status: z.literal('ok'),
  mode: z.enum(['RGB', 'RGBA', 'L']),
  sourceMode: pythonText(32),
  width: size.positive(),
  height: size.positive(),
  unchanged: z.boolean(),
  /** Of a file that was decoded: it holds frames behind the first. */
  animated: z.boolean().default(false),
  operations,
  stdout: text,
  durationMs: z.number().nonnegative(),
})

const finishedAnswers = z.object({
  event: z.literal('finished'),
  id: z.number().int(),
  status: z.literal('ok'),
  answers: z.array(z.unknown()),
})

const finishedError = z.object({
  event: z.literal('finished'),
  id: z.number().int(),
  status: z.literal('error'),
  kind: z.enum(['syntax', 'policy', 'runtime', 'timeout', 'memory', 'output', 'result', 'crash']),
  type: pythonText(200).nullable(),
  message: text,
  traceback: text,
  line: z.number().int().nullable(),
  width: size.optional(),
  height: size.optional(),
  /** The worker was ended by SIGKILL, and not by its host. */
  killed: z.boolean().optional(),
  operations,
  stdout: text,
  durationMs: z.number().nonnegative(),
})

const versions = z.object({
  python: z.string().max(40),
  pillow: z.string().max(40),
  numpy: z.string().max(40),
  opencv: z.string().max(40),
})

/** Limits of the control group of all its processes. */
const group = z.object({ memory_bytes: z.number().int().nullable(), pids: z.number().int().nullable() })

/** What a host tells; checked on arrival, since the host is treated as hostile. */
export const hostEvent = z.union([
  z.object({ event: z.literal('attached') }),
  z.object({ event: z.literal('ready'), versions, group, tools: z.boolean().default(false) }),
  toolRequest,
  z.object({ event: z.literal('broken'), message: z.string().max(10_000) }),
  z.object({ event: z.literal('failed'), id: z.number().int(), message: z.string().max(2_000) }),
  finishedAnswers,
  finishedOk,
  finishedError,
])

export type HostEvent = z.infer<typeof hostEvent>
export type FinishedOk = z.infer<typeof finishedOk>
export type FinishedAnswers = z.infer<typeof finishedAnswers>
export type FinishedError = z.infer<typeof finishedError>
export type Finished = FinishedOk | FinishedAnswers | FinishedError
/** What a host says of itself once it is ready. */
export type HostFacts = {
  versions: z.infer<typeof versions>
  group: z.infer<typeof group>
  /** Whether it can carry what code asks of tools; one of an older version cannot. */
  tools: boolean
}
