import pRetry from 'p-retry'
import { ModelError, UsageError } from '../core/errors.js'
import { LONGEST_TIMER_MS } from '../core/longest-timer.js'
import type { TokenUsage } from '../core/policy.js'
import { abortErrorOf } from './abort-error.js'
import { createAimdLimiter, type Pressure } from './aimd.js'
import { backOffDelay } from './back-off.js'
import type { ChatRequest } from './chat-request.js'
import { createChatServer, type ChatReply } from './chat-server.js'
import { systemClock, type Clock } from './clock.js'
import { POLICY_SETTINGS, type SettingNames } from './setting-names.js'

/** What a client has used so far. */
export interface ChatTotals extends TokenUsage {
  /** Calls that were answered. */
  calls: number
  /** Requests that were sent again. */
  retries: number
}

export interface RetryNotice {
  /** Attempts that failed so far, from 1. */
  attempt: number
  delayMs: number
  error: ModelError
}

export interface ChatClient {
  readonly model: string
  /** Where completions are asked for, without credentials. */
  readonly url: string
  readonly totals: Readonly<ChatTotals>
  /** Calls that may run at once now. */
  readonly concurrency: number
  /**
   * One chat completion, tried again where that may help.
   * @throws ModelError with its `attempts` when the server gave none; AbortError at once when the signal is aborted
   */
  complete(request: ChatRequest & { signal?: AbortSignal | undefined }): Promise<ChatReply>
  /**
   * Ask for something small, by default a few tokens, so that a wrong address, key or model is told before a run starts.
   * @throws ModelError that says what to set, with the models that the server knows where it is the model
   */
  check(signal?: AbortSignal, request?: ChatRequest): Promise<ChatReply>
  /** Take keys out of a text that the server wrote. */
  scrub(text: string): string
}

export interface ChatClientParameters {
  /** Address up to, not including, `/chat/completions`; usually ends in /v1. */
  baseUrl: string
  /** Null for servers without keys: no authorization is sent. */
  apiKey: string | null
  model: string
  /** Of one attempt, from the connection to the last byte; waiting for a place does not count. */
  timeoutMs?: number
  /** Attempts after the first, one at most of them after an answer that was not there in time; a call that fails them all is not repeated by anybody else. */
  maxRetries?: number
  headers?: Readonly<Record<string, string>>
  /** Most calls at once; a rate limit lowers it for a while. */
  concurrency?: number
  maxResponseBytes?: number
  onRetry?: (notice: RetryNotice) => void
  /** How errors call the settings. */
  names?: SettingNames
  clock?: Clock
  /** Uniform in [0, 1), for the jitter. */
  random?: () => number
}

/** Room for an answer of a million tokens; an image never comes back. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024
/** What took all its time once may have met a busy server; twice, it takes as long a third time, and holds a place meanwhile. */
const DEADLINES = 1
const SMALL_REQUEST: ChatRequest = {
  messages: [{ role: 'user', content: 'Say OK.' }],
  sampling: { maxTokens: 16 },
}

/**
 * A client of one model behind an OpenAI-compatible server.
 *
 * @throws UsageError when an address, key, model or number cannot be used
 */
export function createChatClient({
  baseUrl,
  apiKey,
  model,
  timeoutMs = 600_000,
  maxRetries = 5,
  headers = {},
  concurrency = 8,
  maxResponseBytes = MAX_RESPONSE_BYTES,
  onRetry,
  names = POLICY_SETTINGS,
  clock = systemClock,
  random = Math.random,
}: ChatClientParameters): ChatClient {
  requireInteger({ name: 'timeoutMs', value: timeoutMs, minimum: 1, maximum: LONGEST_TIMER_MS })
  requireInteger({ name: 'maxRetries', value: maxRetries, minimum: 0, maximum: 100 })
  requireInteger({ name: 'concurrency', value: concurrency, minimum: 1, maximum: 10_000 })
  const server = createChatServer({
    baseUrl,
    apiKey,
    model,
    headers,
    timeoutMs,
    maxResponseBytes,
    names,
    clock,
  })
  const limiter = createAimdLimiter({ maximum: concurrency, pressureOf })
  const totals: ChatTotals = { promptTokens: 0, completionTokens: 0, calls: 0, retries: 0 }

  const complete: ChatClient['complete'] = async ({ signal, ...request }) => {
    let attempts = 0
    let deadlines = 0
    try {
      const reply = await pRetry(
        () => {
          attempts += 1
          return limiter.run(() => server.complete(request, signal), { signal })
        },
        {
          retries: maxRetries,
          // The wait is ours (below): Retry-After, jitter and the clock are.
          minTimeout: 0,
          shouldRetry: async ({ error, attemptNumber }) => {
            if (!(error instanceof ModelError) || !error.isRetryable || signal?.aborted) return false
            if (error.isDeadline && ++deadlines > DEADLINES) return false
            const { retryAfterSeconds } = error
            const delayMs = backOffDelay({ attempt: attemptNumber, retryAfterSeconds, random })
            totals.retries += 1
            onRetry?.({ attempt: attemptNumber, delayMs, error })
            await clock.sleep(delayMs, signal)
            return true
          },
        },
      )
      totals.calls += 1
      totals.promptTokens += reply.usage.promptTokens
      totals.completionTokens += reply.usage.completionTokens
      return reply
    } catch (error) {
      if (signal?.aborted) throw abortErrorOf(signal)
      throw error instanceof ModelError ? afterAttempts({ error, attempts }) : error
    }
  }

  return {
    model,
    url: server.url,
    totals,
    get concurrency() {
      return limiter.limit
    },
    complete,
    scrub: server.scrub,
    async check(signal, request = SMALL_REQUEST) {
      try {
        return await complete({ ...request, signal })
      } catch (error) {
        if (!(error instanceof ModelError) || (error.status !== 404 && error.status !== 400)) throw error
        const known = await server.listModels(signal)
        if (known === null || known.length === 0 || known.includes(model)) throw error
        throw new ModelError(`${error.message} The server offers: ${listed(known)}.`, {
          cause: error,
          status: error.status,
        })
      }
    },
  }
}

function pressureOf(error: unknown): Pressure {
  if (!(error instanceof ModelError) || error.status === undefined) return 'none'
  if (error.status === 429) return 'rate-limit'
  return error.status >= 500 ? 'trouble' : 'none'
}

function afterAttempts({ error, attempts }: { error: ModelError; attempts: number }): ModelError {
  const told = attempts > 1 ? `${error.message} Gave up after ${attempts} attempts.` : error.message
  return new ModelError(told, {
    cause: attempts > 1 ? error : error.cause,
    isRetryable: error.isRetryable,
    status: error.status,
    retryAfterSeconds: error.retryAfterSeconds,
    isContextFull: error.isContextFull,
    isDeadline: error.isDeadline,
    attempts,
  })
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => `"${name}"`)
  return names.length > shown.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(', ')
}

function requireInteger({
  name,
  value,
  minimum,
  maximum,
}: {
  name: string
  value: number
  minimum: number
  maximum: number
}): void {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return
  throw new UsageError(`${name} must be a whole number from ${minimum} to ${maximum}; got ${value}.`)
}
