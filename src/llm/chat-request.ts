import type {
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions'
import type { ToolDescription } from '../core/policy.js'

export type ChatMessage = ChatCompletionMessageParam

/** Sampling settings; what is left out is the server's choice. */
export interface Sampling {
  temperature?: number
  topP?: number
  /** Upper bound of the tokens of the answer. */
  maxTokens?: number | undefined
  seed?: number
  stop?: readonly string[]
}

export interface ChatRequest {
  messages: readonly ChatMessage[]
  /** Offered natively; none: nothing about tools is sent. */
  tools?: readonly ToolDescription[]
  sampling?: Sampling
  /** The bound of tokens is a default: a server that refuses the request, perhaps since it holds fewer, is asked once more without it. Absent: the bound holds. */
  mayDropBound?: boolean
  /** What the caller keeps of the answer, in characters: far more than that is not read. */
  maxCharacters?: number
  /** Further fields of the body that only this kind of server knows, such as `top_k`. */
  extraBody?: Readonly<Record<string, unknown>>
}

/** Name of the field that bounds the answer: newer models of OpenAI refuse the older one, which everyone else knows. */
export type MaxTokensField = 'max_tokens' | 'max_completion_tokens'

/** The body of a chat completion request: only what was asked for, no streaming. */
export function buildChatRequest({
  model,
  request: { messages, tools = [], sampling = {}, extraBody = {} },
  maxTokensField,
}: {
  model: string
  request: ChatRequest
  maxTokensField: MaxTokensField
}): ChatCompletionCreateParamsNonStreaming {
  const { temperature, topP, maxTokens, seed, stop } = sampling
  return {
    ...extraBody,
    model,
    messages: [...messages],
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: 'function' as const,
        function: { name, description, parameters },
      })),
    }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(maxTokens !== undefined && { [maxTokensField]: maxTokens }),
    ...(seed !== undefined && { seed }),
    ...(stop !== undefined && stop.length > 0 && { stop: [...stop] }),
  }
}
