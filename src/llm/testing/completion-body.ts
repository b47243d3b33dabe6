import type { NativeToolCall } from '../../core/message.js'

/** The JSON of a chat completion as a server sends it. */
export function completionBody({
  text = null,
  toolCalls = [],
  finishReason = toolCalls.length > 0 ? 'tool_calls' : 'stop',
  usage = { promptTokens: 10, completionTokens: 5 },
}: {
  text?: string | null
  toolCalls?: readonly NativeToolCall[]
  finishReason?: string
  usage?: { promptTokens: number; completionTokens: number }
}): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        finish_reason: finishReason,
        message: {
          role: 'assistant',
          content: text,
          ...(toolCalls.length > 0 && {
            tool_calls: toolCalls.map(({ id, name, arguments: json }) => ({
              id,
              type: 'function',
              function: { name, arguments: json },
            })),
          }),
        },
      },
    ],
    usage: {
      prompt_tokens: usage.promptTokens,
      completion_tokens: usage.completionTokens,
      total_tokens: usage.promptTokens + usage.completionTokens,
    },
  }
}
