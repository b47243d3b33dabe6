import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { ModelError } from '../../core/errors.js'
import { backOffDelay } from '../../llm/back-off.js'
import { createEndpoint } from '../../llm/endpoint.js'
import { exchange } from '../../llm/exchange.js'
import { readRefusal } from '../../llm/refusal.js'

/** What is asked of the server for one turn. */
export interface VllmTurn {
  model: string
  /** The whole conversation, one pad an image. */
  ids: readonly number[]
  /** data: URLs of its images, in order. */
  images: readonly string[]
  /** What is computed with other weights has another one: it is never taken for this. */
  cacheSalt: string
  /** Of vLLM's SamplingParams. */
  sampling: Readonly<Record<string, unknown>>
  signal: AbortSignal
}

/** What it wrote. */
export interface VllmTokens {
  /** As the server read it, the pads of each image as many as it becomes. */
  promptIds: readonly number[]
  tokens: readonly { id: number; logprob: number }[]
  finish: 'stop' | 'length'
}

/** The model of a server. */
export interface VllmModel {
  name: string
  /** Longest conversation. */
  maxTokens: number
}

/** A vLLM server that writes by tokens, and takes new weights (0.32; `/inference/v1/generate`, `/v1/load_lora_adapter`, `/collective_rpc`). */
export interface VllmServer {
  /** What it was started with. @throws ModelError where it does not answer, or offers several. */
  model(signal: AbortSignal): Promise<VllmModel>
  /** @throws ModelError, AbortError */
  generate(turn: VllmTurn): Promise<VllmTokens>
  /** Adapters of a folder that the server can read, under a name. @throws ModelError */
  loadAdapters(adapters: { name: string; folder: string; signal: AbortSignal }): Promise<void>
  /** @throws ModelError */
  unloadAdapters(adapters: { name: string; signal: AbortSignal }): Promise<void>
  /** All weights from a folder that the server can read. @throws ModelError */
  reloadWeights(weights: { folder: string; signal: AbortSignal }): Promise<void>
}

/** A turn of a large model behind a queue takes minutes. */
const TURN_MS = 1_800_000
const WEIGHTS_MS = 1_800_000
const ASK_MS = 30_000
const MOST_BYTES = 64 * 2 ** 20
const TRIES = 5
const NAMES = {
  baseUrl: 'model.vllm.url',
  apiKey: 'VLLM_API_KEY',
  model: 'model.vllm',
}

const modelsAnswer = z.object({
  data: z.array(
    z.looseObject({
      id: z.string(),
      parent: z.string().nullish(),
      max_model_len: z.number().int().nullish(),
    }),
  ),
})
const generateAnswer = z.object({
  prompt_token_ids: z.array(z.number().int()),
  choices: z
    .array(
      z.object({
        finish_reason: z.enum(['stop', 'length']),
        token_ids: z.array(z.number().int()),
        logprobs: z.object({
          content: z.array(z.object({ token_id: z.number().int(), logprob: z.number() })),
        }),
      }),
    )
    .length(1),
})

/** @throws UsageError where the address or the key cannot be used. */
export function createVllmServer({ url, apiKey }: { url: string; apiKey: string | null }): VllmServer {
  const endpoint = createEndpoint({ baseUrl: url, apiKey, headers: {}, names: NAMES })

  async function ask({
    path,
    body,
    timeoutMs,
    signal,
  }: {
    path: string
    body?: object
    timeoutMs: number
    signal?: AbortSignal | undefined
  }): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      const error = await once({ path, body, timeoutMs, signal, attempt })
      if (!(error instanceof ModelError)) return error.json
      if (!error.isRetryable || attempt === TRIES) throw error
      const { retryAfterSeconds } = error
      await delay(backOffDelay({ attempt, retryAfterSeconds, random: Math.random }), undefined, {
        ...(signal !== undefined && { signal }),
      })
    }
  }

  /** One request; what it failed with, where it may be worth another one. */
  async function once({
    path,
    body,
    timeoutMs,
    signal,
    attempt,
  }: {
    path: string
    body: object | undefined
    timeoutMs: number
    signal: AbortSignal | undefined
    attempt: number
  }): Promise<ModelError | { json: unknown }> {
    const outcome = await exchange({
      url: endpoint.urlOf(path),
      method: body === undefined ? 'GET' : 'POST',
      headers: endpoint.headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      ...{ timeoutMs, maxBytes: MOST_BYTES, signal },
    })
    const where = `${endpoint.urlOf(path).origin}/${path}`
    switch (outcome.kind) {
      case 'connection':
        return new ModelError(
          `No whole answer from ${where}: the connection failed (${outcome.code}). Expected a vLLM server there (model.vllm.url).`,
          { cause: outcome.cause, isRetryable: true, attempts: attempt },
        )
      case 'deadline':
        return new ModelError(`No whole answer from ${where} within ${outcome.timeoutMs / 1000} s.`)
      case 'too-long':
        return new ModelError(`${where} sent more than ${outcome.maxBytes} bytes.`)
      case 'answer': {
        const json = parsed(outcome.body)
        const { status } = outcome
        if (status >= 200 && status < 300) return { json }
        const { said, retryAfterSeconds } = readRefusal({ answer: outcome, json, now: Date.now() })
        return new ModelError(
          `${where} answered ${status}: ${endpoint.scrub(said).slice(0, 500)}${adviceOn({ status, path })}`,
          { status, retryAfterSeconds, isRetryable: status === 429 || status >= 502, attempts: attempt },
        )
      }
    }
  }

  const read = <Schema extends z.ZodType>(schema: Schema, json: unknown, path: string): z.output<Schema> => {
    const result = schema.safeParse(json)
    if (result.success) return result.data
    throw new ModelError(
      `${endpoint.urlOf(path).origin}/${path}: expected what vLLM 0.32 answers, got ${JSON.stringify(json)?.slice(0, 200)} (${z.prettifyError(result.error)})`,
    )
  }

  return {
    async model(signal) {
      const path = 'v1/models'
      const { data } = read(modelsAnswer, await ask({ path, timeoutMs: ASK_MS, signal }), path)
      // Adapters have a parent.
      const own = data.filter(({ parent }) => parent === null || parent === undefined)
      const [only, ...others] = own
      if (only !== undefined && others.length === 0)
        return { name: only.id, maxTokens: only.max_model_len ?? Infinity }
      const names = own.map(({ id }) => id).join(', ')
      throw new ModelError(
        `${endpoint.urlOf(path).origin}: expected one model there, got ${names === '' ? 'none' : names}`,
      )
    },
    async generate({ model, ids, images, cacheSalt, sampling, signal }) {
      const path = 'inference/v1/generate'
      const body = {
        ...{
          model,
          token_ids: ids,
          sampling_params: sampling,
          return_token_ids: true,
          cache_salt: cacheSalt,
        },
        ...(images.length > 0 && { content_parts: images.map((url) => ({ type: 'image_url', url })) }),
      }
      const answer = read(generateAnswer, await ask({ path, body, timeoutMs: TURN_MS, signal }), path)
      const [choice] = answer.choices
      const { token_ids: written = [], logprobs, finish_reason: finish = 'length' } = choice ?? {}
      const scored = logprobs?.content ?? []
      if (scored.length !== written.length || scored.some(({ token_id: id }, at) => id !== written[at]))
        throw new ModelError(
          `${path}: expected a log-probability for each of ${written.length} tokens, got ${scored.length}`,
        )
      const tokens = scored.map(({ token_id: id, logprob }) => ({ id, logprob }))
      return { promptIds: answer.prompt_token_ids, tokens, finish }
    },
    async loadAdapters({ name, folder, signal }) {
      const body = { lora_name: name, lora_path: folder }
      const loaded = ask({ path: 'v1/load_lora_adapter', body, timeoutMs: WEIGHTS_MS, signal })
      await loaded.catch((error: unknown) => {
        // A name is given once: the first answer was lost.
        if (!(error instanceof ModelError) || !/already been loaded/.test(error.message)) throw error
      })
    },
    async unloadAdapters({ name, signal }) {
      const body = { lora_name: name }
      await ask({ path: 'v1/unload_lora_adapter', body, timeoutMs: WEIGHTS_MS, signal })
    },
    async reloadWeights({ folder, signal }) {
      const body = { method: 'reload_weights', kwargs: { weights_path: folder } }
      await ask({ path: 'collective_rpc', body, timeoutMs: WEIGHTS_MS, signal })
      // Its workers have let go of what they saw in images; who shares out the work does not know that yet.
      await ask({ path: 'reset_encoder_cache', body: {}, timeoutMs: WEIGHTS_MS, signal })
    },
  }
}

/** Routes that a server has only where it was started for it. */
function adviceOn({ status, path }: { status: number; path: string }): string {
  if (status === 403 && path.startsWith('inference/')) return ' (--enable-scale-out)'
  if (status !== 404 && status !== 405) return ''
  if (path.includes('lora_adapter'))
    return '. Start the server with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=1.'
  if (path === 'collective_rpc' || path === 'reset_encoder_cache')
    return '. Start the server with VLLM_SERVER_DEV_MODE=1.'
  return '. Expected the model that was asked for, on a vLLM server of 0.32 or later.'
}

/** The text itself where it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
