import { z } from 'zod'
import type { PolicyReply } from '../../core/policy.js'
import { callName } from '../requests.js'
import { replyOf } from './episode-session.js'

const toolCall = z.strictObject({
  id: z.string().max(200).optional(),
  name: z.string(),
  arguments: z
    .union([z.string(), z.record(z.string(), z.unknown())])
    .describe('The JSON text that the model wrote, or an object.'),
})

const count = z.number().int().min(0)

/** One turn of the model: its text as it wrote it (calls in it are read as in every rollout), or calls that came outside of it, or code alone. */
export const action = z
  .strictObject({
    text: z
      .string()
      .optional()
      .describe('The whole turn; <tool_call> … </tool_call> in it is a call, else it is the answer.'),
    tool_calls: z.array(toolCall).optional().describe('Calls of native tool calling; the first is run.'),
    code: z.string().optional().describe('Short for one call of the tool, with the two below.'),
    description: z.string().optional(),
    image_index: z.number().int().optional(),
    finish_reason: z
      .enum(['stop', 'length'])
      .default('stop')
      .describe('length: the text was cut off, which ends the episode as truncated.'),
    usage: z
      .strictObject({ prompt_tokens: count, completion_tokens: count })
      .optional()
      .describe('As the model counted them, for the limit of a conversation.'),
    call_id: callName.optional().describe('The same id again gets the same answer, and takes no turn.'),
    metadata: z.record(z.string(), z.unknown()).optional().describe('Not looked at.'),
  })
  .refine(
    ({ text, tool_calls: calls, code }) => text !== undefined || calls !== undefined || code !== undefined,
    {
      path: ['text'],
      error: 'expected `text` (what the model wrote), `tool_calls`, or `code`',
    },
  )
  .refine(({ tool_calls: calls, code }) => calls === undefined || code === undefined, {
    path: ['code'],
    error: 'expected `code` or `tool_calls`, one of both',
  })

export type Action = z.output<typeof action>

/** An action as a policy's reply. @param parameters.id of a call that has none. */
export function replyOfAction({
  action: given,
  toolName,
  id,
}: {
  action: Action
  toolName: string
  id: string
}): PolicyReply {
  const { text = '', tool_calls: calls = [], code, description, image_index: index } = given
  const asked =
    code === undefined
      ? calls
      : [
          {
            name: toolName,
            arguments: {
              code,
              ...(description !== undefined && { description }),
              ...(index !== undefined && { image_index: index }),
            },
          },
        ]
  const { usage } = given
  return replyOf({
    text,
    toolCalls: asked.map((call, place) => ({
      id: ('id' in call ? call.id : undefined) ?? `${id}-${place}`,
      name: call.name,
      arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
    })),
    finishReason: given.finish_reason,
    ...(usage && { usage: { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens } }),
  })
}
