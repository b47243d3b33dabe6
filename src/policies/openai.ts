import { createHash } from 'node:crypto'
import { cutReply } from '../core/cut-reply.js'
import type { NativeToolCall } from '../core/message.js'
import type { Policy, PolicyReply, PolicyRequest } from '../core/policy.js'
import { createCachedChat } from '../llm/cached-chat.js'
import type { ChatClient } from '../llm/chat-client.js'
import type { ChatRequest, Sampling } from '../llm/chat-request.js'
import type { ChatReply } from '../llm/chat-server.js'
import { textWithReasoning } from '../llm/read-completion.js'
import type { ReplyCache } from '../llm/reply-cache.js'
import type { TokenPrice, UsageCaps } from '../llm/usage-account.js'
import { createImageEncoder, type ImageEncoding } from './openai-image.js'
import { openAiMessages, type ToolFormat } from './openai-messages.js'
import { createPolicyAccount } from './policy-account.js'

export interface OpenAiPolicyParameters extends UsageCaps {
  client: ChatClient
  /** Where replies are kept; null (default): every turn is asked of the server. */
  cache?: ReplyCache | null
  /** Null (default): cost is not told. */
  price?: TokenPrice | null
  /** `hermes`: the system prompt describes the tools, nothing about them is sent apart. */
  toolFormat?: ToolFormat
  /** `seed` is the run's; each sample, epoch and turn draws its own from it. */
  sampling?: Sampling
  image?: ImageEncoding
  /** Further fields of the request that only this kind of server knows, such as `top_k`. */
  extraBody?: Readonly<Record<string, unknown>>
}

/** Tokens of a turn where nobody says, as in the release; a model that does not find an end would write until the request's time is over. */
const TURN_TOKENS = 16_384

/**
 * A model behind an OpenAI-compatible server (vLLM, SGLang, llama.cpp, hosted ones), as a policy.
 * @throws UsageError for a cap on cost without a price
 */
export function createOpenAiPolicy({
  client,
  toolFormat = 'hermes',
  sampling = {},
  image = { format: 'png' },
  extraBody = {},
  cache = null,
  ...terms
}: OpenAiPolicyParameters): Policy {
  const encodeImage = createImageEncoder(image)
  const account = createPolicyAccount(terms)
  const chat = createCachedChat({ client, cache })
  return {
    name: 'openai',
    model: client.model,
    account,
    async next(request) {
      const { reply, isCached } = await chat.complete({
        messages: await openAiMessages({ messages: request.messages, toolFormat, encodeImage }),
        tools: toolFormat === 'native' ? request.tools : [],
        ...samplingOf({ request, sampling }),
        extraBody,
        ...(request.maxCharacters !== undefined && { maxCharacters: request.maxCharacters }),
        repetition: request.sample.epoch,
        turn: request.turn,
        // Nothing at all is what a server says that is out of order.
        isUsable: ({ text, reasoning, toolCalls }) => text + reasoning !== '' || toolCalls.length > 0,
        asking: account.call,
        signal: request.signal,
      })
      if (isCached) account.addCached()
      else account.addTokens(reply.usage)
      const turn = turnOf({ reply, toolFormat, turn: request.turn })
      return cutReply({ reply: turn, maxCharacters: request.maxCharacters ?? Infinity })
    },
    check: async (signal) => {
      const { usage } = await client.check(signal)
      account.addTokens(usage)
    },
  }
}

function turnOf({
  reply,
  toolFormat,
  turn,
}: {
  reply: ChatReply
  toolFormat: ToolFormat
  turn: number
}): PolicyReply {
  const { finishReason, usage } = reply
  const text = textWithReasoning(reply)
  if (toolFormat === 'hermes') {
    return { text: text + reply.toolCalls.map(hermesCall).join(''), toolCalls: [], finishReason, usage }
  }
  const toolCalls = reply.toolCalls.map((call, index) => ({
    ...call,
    id: call.id === '' ? `call_${turn}_${index}` : call.id,
  }))
  return { text, toolCalls, finishReason, usage }
}

function samplingOf({
  request,
  sampling,
}: {
  request: PolicyRequest
  sampling: Sampling
}): Pick<ChatRequest, 'sampling' | 'mayDropBound'> {
  const { seed, maxTokens = Infinity, ...rest } = sampling
  const most = Math.min(maxTokens, request.maxTokens ?? Infinity)
  return {
    sampling: {
      ...rest,
      maxTokens: most === Infinity ? TURN_TOKENS : most,
      ...(seed !== undefined && { seed: seedOf({ seed, request }) }),
    },
    mayDropBound: most === Infinity,
  }
}

/** A seed of its own for each turn of each epoch, in 31 bits: with one for all, epochs would repeat each other. */
function seedOf({ seed, request: { sample, turn } }: { seed: number; request: PolicyRequest }): number {
  const identity = JSON.stringify([seed, sample.key, sample.epoch, turn])
  return createHash('sha256').update(identity).digest().readUInt32BE() >>> 1
}

/** A server with a tool parser takes calls out of the text, asked or not: here they go back into it, broken arguments included. */
function hermesCall({ name, arguments: json }: NativeToolCall): string {
  return `\n<tool_call>\n{"name": ${JSON.stringify(name)}, "arguments": ${json === '' ? '{}' : json}}\n</tool_call>`
}
