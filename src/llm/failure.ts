import { ModelError } from '../core/errors.js'
import type { ExchangeOutcome } from './exchange.js'
import type { SettingNames } from './setting-names.js'

/** Why a call gave no completion. */
export type Failure =
  | Exclude<ExchangeOutcome, { kind: 'answer' }>
  | {
      kind: 'refused'
      status: number
      statusText: string
      /** The message in the body, or the body. */
      said: string
      /** Machine-readable reason, such as `insufficient_quota`; null where there is none. */
      code: string | null
      /** The parameter that the server complains about. */
      parameter: string | null
      location: string | null
      retryAfterSeconds: number | undefined
    }
  | { kind: 'malformed'; problem: string; body: string }

/** What a message names: where the call went, with which model, and which settings change that. */
export interface CallPlace {
  url: URL
  model: string
  hasKey: boolean
  names: SettingNames
}

/**
 * Every error of a model's server, in words. The URL is named without credentials and query; `scrub` takes secrets out of what the
 * server said.
 */
export function modelErrorOf({
  failure,
  place,
  scrub,
}: {
  failure: Failure
  place: CallPlace
  scrub: (text: string) => string
}): ModelError {
  const where = `${place.url.origin}${place.url.pathname} (model "${place.model}")`
  const { names } = place
  switch (failure.kind) {
    case 'connection':
      return new ModelError(
        `No whole answer from ${where}: the connection failed (${failure.code}). ` +
          `Expected an OpenAI-compatible server there: start it, or set ${names.baseUrl}.`,
        { cause: failure.cause, isRetryable: !LASTING_CODES.has(failure.code) },
      )
    case 'deadline':
      return new ModelError(
        `No whole answer from ${where} within ${failure.timeoutMs / 1000} s. ` +
          `Raise the timeout of a request (${names.timeout}), lower the concurrency, or limit the length of an answer${names.length === null ? '' : ` (${names.length})`}.`,
        { isRetryable: true, isDeadline: true },
      )
    case 'too-long':
      return new ModelError(
        `${where} sent more than ${failure.maxBytes} bytes, the limit of one answer. ` +
          `Expected one chat completion: check ${names.baseUrl}, or limit the length of a turn.`,
        { status: failure.status, isRetryable: isRetryableStatus(failure.status) },
      )
    case 'malformed':
      return new ModelError(
        `${where} answered, but not with a chat completion: ${failure.problem}. Got ${quoteStart(scrub(failure.body))}. ` +
          `If this stays, check ${names.baseUrl}: it usually ends in /v1.`,
        { isRetryable: true },
      )
    case 'refused':
      return new ModelError(
        `${where} answered ${failure.status} ${failure.statusText}: ${quoteStart(scrub(failure.said))}. ` +
          scrub(adviceOn({ failure, place })),
        {
          status: failure.status,
          retryAfterSeconds: failure.retryAfterSeconds,
          isRetryable: isRetryableStatus(failure.status) && failure.code !== 'insufficient_quota',
          isContextFull: isContextFull(failure),
        },
      )
  }
}

/** A certificate does not get better, nor does a port that speaks another protocol. */
const LASTING_CODES: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'EPROTO',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([408, 409, 425, 429])

function isRetryableStatus(status: number): boolean {
  return RETRYABLE_STATUSES.has(status) || status >= 500
}

/** `code` of OpenAI, `param` of vLLM; a server that says it in its sentence alone is not understood. */
function isContextFull({
  status,
  code,
  parameter,
}: Pick<Extract<Failure, { kind: 'refused' }>, 'status' | 'code' | 'parameter'>): boolean {
  return status === 400 && (code === 'context_length_exceeded' || parameter === 'input_tokens')
}

function adviceOn({
  failure,
  place: { names, hasKey },
}: {
  failure: Extract<Failure, { kind: 'refused' }>
  place: CallPlace
}): string {
  const { status, code, location } = failure
  if (isContextFull(failure))
    return "The request is longer than the model's context: show fewer pixels (--max-pixels), or serve it with more."
  if (status === 401 && !hasKey) return `No key was sent: set ${names.apiKey}.`
  if (status === 401) return `Expected a valid key: check ${names.apiKey}.`
  if (status === 403) return `The key may not use this: check ${names.apiKey} and ${names.model}.`
  if (status === 404) {
    return `Expected an endpoint that knows this model: check ${names.baseUrl} (it usually ends in /v1) and ${names.model}.`
  }
  if (status === 413) return 'The request is too large: encode images as JPEG, or show fewer pixels.'
  if (code === 'insufficient_quota') return `The account behind ${names.apiKey} has no quota left.`
  if (status === 429) return 'The server limits the rate: wait, or lower the concurrency.'
  if (status >= 500) return 'The server failed: its log says why, or it is overloaded or still loading.'
  if (status >= 300 && status < 400) {
    return `Redirects are not followed: set ${names.baseUrl} to where it leads${location === null ? '' : ` (${location})`}.`
  }
  return `The server does not accept the request: check ${names.model} and the sampling settings.`
}

/** The beginning of a text in one line, quoted. */
function quoteStart(text: string): string {
  const line = text.slice(0, 400).replace(/\s+/g, ' ').trim()
  if (line === '') return 'an empty body'
  return JSON.stringify(line.length > 200 ? `${line.slice(0, 200)} …` : line)
}
