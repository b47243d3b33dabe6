import pRetry from 'p-retry'
import type { z } from 'zod'
import { ClusterError } from '../../core/errors.js'
import { backOffDelay } from '../../llm/back-off.js'
import { systemClock, type Clock } from '../../llm/clock.js'
import { exchange } from '../../llm/exchange.js'
import { unlessAborted } from '../../core/unless-aborted.js'
import type { RayEndpoint } from './ray-endpoint.js'
import { clusterErrorOf, type RayFailure } from './ray-failure.js'

/** One request to a dashboard. */
export interface RayRequest {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  /** For messages, such as `job "mine"`. */
  what: string
  /** JSON, or the bytes of a package. */
  body?: object | Uint8Array | undefined
  timeoutMs?: number
  /** Of the whole, repetitions included; a request that must not be made twice has 0. */
  retries?: number
  signal?: AbortSignal | undefined
}

/** Asks a dashboard; what it answers is checked by the schema, or given as text. */
export interface RayRequests {
  json<Schema extends z.ZodType>(request: RayRequest & { schema: Schema }): Promise<z.output<Schema>>
  text(request: RayRequest): Promise<string>
}

const TIMEOUT_MS = 60_000
const RETRIES = 4
/** Logs come whole. */
const MAX_BYTES = 512 * 2 ** 20

/**
 * Requests to a dashboard, repeated where that may help.
 * @throws ClusterError with the status, where it answered with one; AbortError at once
 */
export function createRayRequests({
  endpoint,
  clock = systemClock,
  random = Math.random,
  onRetry,
}: {
  endpoint: RayEndpoint
  clock?: Clock
  /** Uniform in [0, 1), for the jitter. */
  random?: () => number
  onRetry?: ((notice: { error: Error; delayMs: number }) => void) | undefined
}): RayRequests {
  const errorOf = (failure: RayFailure, what: string): ClusterError =>
    clusterErrorOf({ failure, what, address: endpoint.address })

  const once = async ({ method, path, what, body, timeoutMs = TIMEOUT_MS, signal }: RayRequest) => {
    const isBytes = body instanceof Uint8Array
    const outcome = await exchange({
      url: endpoint.urlOf(path),
      method,
      headers: { ...endpoint.headers, ...(isBytes && { 'content-type': 'application/octet-stream' }) },
      body: body === undefined || isBytes ? body : JSON.stringify(body),
      timeoutMs,
      maxBytes: MAX_BYTES,
      signal,
    })
    if (outcome.kind !== 'answer') throw errorOf(outcome, what)
    const { status } = outcome
    if (status < 200 || status >= 300)
      throw errorOf({ kind: 'refused', status, said: endpoint.scrub(outcome.body) }, what)
    return outcome.body
  }

  const text = ({ retries = RETRIES, ...request }: RayRequest): Promise<string> => {
    const { signal } = request
    const repeated = pRetry(() => once(request), {
      retries,
      // The wait is ours (below).
      minTimeout: 0,
      shouldRetry: async ({ error, attemptNumber }) => {
        if (!(error instanceof ClusterError) || !error.isRetryable || signal?.aborted) return false
        const delayMs = backOffDelay({ attempt: attemptNumber, random })
        onRetry?.({ error, delayMs })
        await clock.sleep(delayMs, signal)
        return true
      },
    })
    return unlessAborted(repeated, signal)
  }

  return {
    text,
    async json({ schema, ...request }) {
      const said = await text(request)
      const read = schema.safeParse(parsed(said))
      if (read.success) return read.data
      const [issue] = read.error.issues
      const problem = `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim()
      throw errorOf({ kind: 'malformed', problem, said: endpoint.scrub(said) }, request.what)
    },
  }
}

/** Undefined where the text is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
