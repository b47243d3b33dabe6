import { z } from 'zod'
import type { NativeToolCall } from '../core/message.js'
import type { TokenUsage } from '../core/policy.js'

/** What a completion holds, read tolerantly. */
export interface Completion {
  /** The answer, without the reasoning that the server reports apart. */
  text: string
  /** Reasoning that the server reports apart; empty where there is none. */
  reasoning: string
  /** In the server's order; an id is empty where the server gave none. */
  toolCalls: NativeToolCall[]
  finishReason: 'stop' | 'length'
  usage: TokenUsage
  /** The completion's own id, or null. */
  id: string | null
}

const optionalText = z.string().nullish().catch(null)
const tokens = z.number().nonnegative().catch(0).default(0)
const contentPart = z.union([
  z.string(),
  z.object({ text: z.string() }).transform(({ text }) => text),
  // A part of another kind (refusal, annotation): nothing to read.
  z.unknown().transform(() => ''),
])
const content = z.union([z.string(), z.array(contentPart).transform((parts) => parts.join(''))]).nullish()
const toolCall = z.object({
  id: optionalText,
  function: z.object({
    name: optionalText,
    arguments: z
      .union([z.string(), z.record(z.string(), z.unknown()).transform((value) => JSON.stringify(value))])
      .nullish(),
  }),
})
const completion = z.object({
  id: optionalText,
  choices: z
    .array(
      z.object({
        finish_reason: optionalText,
        message: z.object({
          content,
          refusal: optionalText,
          reasoning_content: optionalText,
          reasoning: optionalText,
          tool_calls: z.array(toolCall).nullish(),
        }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(null),
})

const modelList = z.object({ data: z.array(z.object({ id: z.string() })) })

/** Read the JSON of a chat completion; what it lacks is named in `problem`. */
export function readCompletion(
  json: unknown,
): { ok: true; completion: Completion } | { ok: false; problem: string } {
  const read = completion.safeParse(json)
  if (!read.success) return { ok: false, problem: describe(read.error) }
  const [choice] = read.data.choices
  if (choice === undefined) return { ok: false, problem: 'choices is empty' }
  const { message } = choice
  return {
    ok: true,
    completion: {
      text: message.content ?? message.refusal ?? '',
      reasoning: message.reasoning_content ?? message.reasoning ?? '',
      toolCalls: (message.tool_calls ?? []).map((call) => ({
        id: call.id ?? '',
        name: call.function.name ?? '',
        arguments: call.function.arguments ?? '',
      })),
      finishReason: choice.finish_reason === 'length' ? 'length' : 'stop',
      usage: {
        promptTokens: read.data.usage?.prompt_tokens ?? 0,
        completionTokens: read.data.usage?.completion_tokens ?? 0,
      },
      id: read.data.id ?? null,
    },
  }
}

/** Names of a list of models; null where the JSON is no such list. */
export function readModelNames(json: unknown): string[] | null {
  const read = modelList.safeParse(json)
  return read.success ? read.data.data.map(({ id }) => id) : null
}

/** The whole text as the model wrote it: reasoning in think tags, then the answer. */
export function textWithReasoning({ text, reasoning }: { text: string; reasoning: string }): string {
  if (reasoning === '' || text.trimStart().startsWith('<think>')) return text
  return `<think>${reasoning}</think>${text}`
}

function describe(error: z.ZodError): string {
  const [issue] = error.issues
  if (issue === undefined) return 'unreadable'
  return `${issue.path.join('.') || 'the body'}: ${issue.message}`
}
