import { z } from 'zod'
import { base64 } from './base64.js'

const mode = z.enum(['RGB', 'RGBA', 'L'])

const imageDescription = z.object({
  index: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
  mode,
})

/** A session as POST /v1/sessions and GET /v1/sessions/{id} tell it. */
export const sessionAnswer = z.object({
  session_id: z.string(),
  profile: z.enum(['standard', 'release']),
  images: z.array(imageDescription),
  calls: z.number().int(),
  lease_seconds: z.number().describe('Without a request for so long, the session ends.'),
})

const operation = z.object({
  op: z.string().nullable(),
  call: z.string(),
  args: z.array(z.unknown()),
  affine: z.array(z.number()).nullable(),
  box: z.array(z.number()).nullable(),
  verified: z.boolean(),
  tool: z
    .object({
      outcome: z.enum(['ok', 'failed', 'refused', 'timeout', 'unfinished']),
      message: z.string().nullable(),
      duration_ms: z.number(),
    })
    .optional()
    .describe('Of a use of a host tool: how it ended.'),
})

const common = {
  call_id: z.string(),
  text: z.string().describe('What a model is told of it, in the words of the rollouts here.'),
  stdout: z.string(),
  operations: z.array(operation),
  duration_ms: z.number(),
}

/** What a call came to; what the code did wrong is an answer like any other, with status 200. */
export const executeAnswer = z.discriminatedUnion('status', [
  z.object({
    ...common,
    status: z.literal('ok'),
    image: imageDescription.extend({
      source_mode: z.string(),
      view: z.object({ width: z.number().int(), height: z.number().int() }).nullable(),
      encoding: z.enum(['png', 'pixels', 'none']),
      data: base64().nullable().describe('base64 of a PNG file, or of width × height × channels bytes.'),
    }),
    unchanged: z.boolean(),
    image_index: z.number().int(),
  }),
  z.object({
    ...common,
    status: z.literal('error'),
    kind: z.enum(['syntax', 'policy', 'runtime', 'timeout', 'memory', 'output', 'result', 'crash']),
    type: z.string().nullable(),
    message: z.string(),
    traceback: z.string(),
    line: z.number().int().nullable(),
    width: z.number().int().optional(),
    height: z.number().int().optional(),
  }),
])

/** Every answer with a status of 400 or more. */
export const errorAnswer = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    issues: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('What is wrong, field by field.'),
  }),
})

/** GET /healthz */
export const healthAnswer = z.object({
  status: z.enum(['ok', 'busy']).describe('busy: the probe still waits, but calls are being answered.'),
  duration_ms: z.number(),
})

export type SessionAnswer = z.infer<typeof sessionAnswer>
export type ExecuteAnswer = z.infer<typeof executeAnswer>
export type ErrorAnswer = z.infer<typeof errorAnswer>
export type HealthAnswer = z.infer<typeof healthAnswer>
