import { z } from 'zod'
import type { ExchangeOutcome } from './exchange.js'
import type { Failure } from './failure.js'
import { readRetryAfter } from './retry-after.js'

const text = z.string().nullish().catch(null)
const errorObject = z.object({
  message: text,
  code: z.union([z.string(), z.number()]).nullish().catch(null),
  param: text,
})
/** OpenAI's `{error: {…}}`; vLLM's older flat form; FastAPI's `{detail}`; a bare string. */
const errorBody = z.union([
  z.object({ error: errorObject }).transform(({ error }) => error),
  z.object({ error: z.string() }).transform(({ error }) => ({ message: error, code: null, param: null })),
  z.object({ detail: z.string() }).transform(({ detail }) => ({ message: detail, code: null, param: null })),
  errorObject.refine(({ message }) => typeof message === 'string'),
])

/** Read an answer that is an error: what it says, and what can be told from its headers. */
export function readRefusal({
  answer,
  json,
  now,
}: {
  /** Its body as JSON; undefined where it is none. */
  json: unknown
  answer: Extract<ExchangeOutcome, { kind: 'answer' }>
  now: number
}): Extract<Failure, { kind: 'refused' }> {
  const read = errorBody.safeParse(json)
  const reason = read.success ? read.data : null
  const message = reason?.message ?? null
  return {
    kind: 'refused',
    // Some gateways answer 200 and put the status of what failed behind them into the body.
    status: answer.status >= 300 ? answer.status : statusOf(reason?.code),
    statusText: answer.status >= 300 ? answer.statusText : '(in the body)',
    said: message === null || message.trim() === '' ? answer.body : message,
    code: typeof reason?.code === 'string' ? reason.code : null,
    parameter: reason?.param ?? null,
    location: answer.headers.location ?? null,
    retryAfterSeconds: readRetryAfter({ headers: answer.headers, now }),
  }
}

/** Whether a body with a good status is an error all the same. */
export function isErrorBody(json: unknown): boolean {
  return bodyWithError.safeParse(json).success
}

const bodyWithError = z
  .looseObject({ error: z.union([errorObject, z.string()]) })
  .refine((body) => !('choices' in body))

function statusOf(code: string | number | null | undefined): number {
  const status = Number(code)
  return Number.isInteger(status) && status >= 300 && status <= 599 ? status : 500
}
