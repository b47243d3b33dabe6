import { UsageError, type ModelError } from '../core/errors.js'
import { buildChatRequest, type ChatRequest, type MaxTokensField } from './chat-request.js'
import type { Clock } from './clock.js'
import { closeCutJson } from './close-cut-json.js'
import { createEndpoint } from './endpoint.js'
import { exchange } from './exchange.js'
import { modelErrorOf, type Failure } from './failure.js'
import { readCompletion, readModelNames, type Completion } from './read-completion.js'
import { isErrorBody, readRefusal } from './refusal.js'
import type { SettingNames } from './setting-names.js'

export interface ChatReply extends Omit<Completion, 'id'> {
  /** The server's name for the request, for its log; null where it gave none. */
  requestId: string | null
}

/** A model behind a server, asked once: no retry, no limit. */
export interface ChatServer {
  /** Where completions are asked for, without credentials. */
  readonly url: string
  /** Take keys out of a text. */
  scrub(text: string): string
  /** @throws ModelError; AbortError */
  complete(request: ChatRequest, signal: AbortSignal | undefined): Promise<ChatReply>
  /** Names of the models that the server offers; null where it does not say. */
  listModels(signal: AbortSignal | undefined): Promise<string[] | null>
}

export interface ChatServerParameters {
  baseUrl: string
  apiKey: string | null
  model: string
  headers: Readonly<Record<string, string>>
  timeoutMs: number
  maxResponseBytes: number
  names: SettingNames
  clock: Clock
}

const BYTES_OF_FRAME = 2 ** 20
const BYTES_PER_CHARACTER = 64

/** @throws UsageError when the address, the key or the model's name cannot be used */
export function createChatServer({
  baseUrl,
  apiKey,
  model,
  headers,
  timeoutMs,
  maxResponseBytes,
  names,
  clock,
}: ChatServerParameters): ChatServer {
  if (model.trim() === '') throw new UsageError(`The name of the model is empty. Set ${names.model}.`)
  const endpoint = createEndpoint({ baseUrl, apiKey, headers, names })
  let maxTokensField: MaxTokensField = 'max_tokens'

  const send = async ({ path, body, maxBytes, signal }: SendParameters): Promise<Sent> => {
    const outcome = await exchange({
      url: endpoint.urlOf(path),
      method: body === undefined ? 'GET' : 'POST',
      headers: endpoint.headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      timeoutMs,
      maxBytes: Math.min(maxResponseBytes, maxBytes),
      signal,
    })
    if (outcome.kind !== 'answer') return { ok: false, failure: outcome }
    const json = parseJson(outcome.body)
    if (outcome.status < 200 || outcome.status >= 300 || isErrorBody(json)) {
      return { ok: false, failure: readRefusal({ answer: outcome, json, now: clock.now() }) }
    }
    if (json === undefined) {
      return {
        ok: false,
        failure: { kind: 'malformed', problem: 'the body is not JSON', body: outcome.body },
      }
    }
    const requestId = outcome.headers['x-request-id']
    return { ok: true, json, body: outcome.body, requestId: typeof requestId === 'string' ? requestId : null }
  }

  const errorOf = (path: string, failure: Failure): ModelError =>
    modelErrorOf({
      failure,
      place: { url: endpoint.urlOf(path), model, hasKey: apiKey !== null, names },
      scrub: endpoint.scrub,
    })

  return {
    url: withoutCredentials(endpoint.urlOf('chat/completions')),
    scrub: endpoint.scrub,

    async complete(request, signal) {
      const path = 'chat/completions'
      const ask = (asked: ChatRequest): Promise<Sent> =>
        send({
          path,
          body: buildChatRequest({ model, request: asked, maxTokensField }),
          maxBytes: bytesFor(asked),
          signal,
        })
      let sent = await ask(request)
      if (!sent.ok && maxTokensField === 'max_tokens' && refusesMaxTokens(sent.failure)) {
        maxTokensField = 'max_completion_tokens'
        sent = await ask(request)
      }
      // Servers refuse a bound beyond what the context has left, or the model may write: then that is the bound.
      if (!sent.ok && request.mayDropBound === true && refusesRequest(sent.failure))
        sent = await ask({ ...request, sampling: { ...request.sampling, maxTokens: undefined } })
      if (!sent.ok) {
        const cut = readCutAnswer(sent.failure)
        if (cut === null) throw errorOf(path, sent.failure)
        const { id, ...completion } = cut
        return { ...completion, requestId: id }
      }
      const read = readCompletion(sent.json)
      if (!read.ok) throw errorOf(path, { kind: 'malformed', problem: read.problem, body: sent.body })
      const { id, ...completion } = read.completion
      return { ...completion, requestId: sent.requestId ?? id }
    },

    async listModels(signal) {
      const sent = await send({ path: 'models', maxBytes: Infinity, signal })
      return sent.ok ? readModelNames(sent.json) : null
    },
  }
}

interface SendParameters {
  path: string
  /** Absent: GET. */
  body?: object
  maxBytes: number
  signal: AbortSignal | undefined
}

type Sent =
  { ok: true; json: unknown; body: string; requestId: string | null } | { ok: false; failure: Failure }

function withoutCredentials(address: URL): string {
  const url = new URL(address)
  url.username = ''
  url.password = ''
  return url.href
}

/** An answer holds more than the text: escapes, what the server says of its tokens, and its frame. */
function bytesFor({ maxCharacters = Infinity }: ChatRequest): number {
  return BYTES_OF_FRAME + BYTES_PER_CHARACTER * maxCharacters
}

/** What was read of a text without end, as a completion that was cut off; null where none was begun. */
function readCutAnswer(failure: Failure): Completion | null {
  if (failure.kind !== 'too-long' || failure.status < 200 || failure.status >= 300) return null
  const read = readCompletion(closeCutJson(failure.body))
  return read.ok ? { ...read.completion, finishReason: 'length' } : null
}

/** As it was asked, whatever the server says of why. */
function refusesRequest(failure: Failure): boolean {
  return failure.kind === 'refused' && (failure.status === 400 || failure.status === 422)
}

function refusesMaxTokens(failure: Failure): boolean {
  return (
    failure.kind === 'refused' &&
    failure.status === 400 &&
    failure.code === 'unsupported_parameter' &&
    failure.parameter === 'max_tokens'
  )
}

/** Undefined where the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
