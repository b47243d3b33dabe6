import type { Message, NativeToolCall } from './message.js'
import type { UsageAccount } from './usage-account.js'

export type { NativeToolCall } from './message.js'

/** A function tool, as OpenAI-compatible servers describe one; `parameters` is a JSON schema. */
export interface ToolDescription {
  name: string
  description: string
  parameters: Record<string, unknown>
}

export interface PolicyRequest {
  /** The whole conversation so far; images are the views the model may see. */
  messages: readonly Message[]
  /** Empty: answer directly, without tools. */
  tools: readonly ToolDescription[]
  /** Identity of the sample, for seeds and caches: task key and epoch. */
  sample: { key: string; epoch: number }
  /** Assistant turns that were taken before this one. */
  turn: number
  /** Upper bound of the tokens of this turn. */
  maxTokens?: number
  /** Upper bound of prompt and turn together; kept where the policy knows how long the prompt is before it writes. Where that leaves nothing, ModelError with `isContextFull`. */
  maxTotalTokens?: number
  /** Upper bound of what this turn may write, in characters (see `cutReply`); absent: none. */
  maxCharacters?: number
  signal: AbortSignal
}

export interface TokenUsage {
  promptTokens: number
  completionTokens: number
}

export interface PolicyReply {
  /** What the policy wrote, tool calls in Hermes text included. */
  text: string
  /** Calls that came natively; empty where the policy writes them in the text. */
  toolCalls: readonly NativeToolCall[]
  finishReason: 'stop' | 'length'
  usage: TokenUsage
}

/** Decides what to write next. Throws `ModelError` for what its server did wrong, `ModelCapError` when a cap is reached. */
export interface Policy {
  /** `openai`, `tesseract`, `replay` … */
  readonly name: string
  /** Identifies weights or program; part of the manifest. */
  readonly model: string
  /** Absent: nothing is counted. */
  readonly account?: UsageAccount
  next(request: PolicyRequest): Promise<PolicyReply>
  /** Tokens that an image of this size, in pixels, takes of a conversation. Absent: nobody here knows before its server counts them. */
  visualTokens?(size: { width: number; height: number }): number
  /** Fail now rather than at the first sample: the server answers, the data is there. */
  check?(signal?: AbortSignal): Promise<void>
  close?(): Promise<void>
}
