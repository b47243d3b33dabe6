import { z } from 'zod'
import type { NativeToolCall } from '../../../core/message.js'

/** With the line breaks of LLaMA-Factory's templates; a thought without them is part of the JSON there, and broken. */
const THOUGHT = /<think>\n[\s\S]*?\n<\/think>\n\n/
const CALL = /<tool_call>([\s\S]*?)<\/tool_call>/

const call = z.object({ name: z.string(), arguments: z.unknown().refine((value) => value !== undefined) })
const calls = z.union([call.transform((one) => [one]), z.array(call)])

export type FunctionTurn =
  | { readonly ok: true; readonly before: string; readonly calls: readonly NativeToolCall[] }
  | { readonly ok: false; readonly reason: string }

/** A turn of `function_call`: JSON with name and arguments, or a list of such, behind what was thought; as LLaMA-Factory reads it. */
export function readFunctionTurn(text: string): FunctionTurn {
  const block = CALL.exec(text)
  const [thought = ''] = block === null ? (THOUGHT.exec(text) ?? []) : []
  const json = block?.[1] ?? text.replace(thought, '')
  const before = block === null ? thought : text.replace(block[0], '')
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return { ok: false, reason: `expected the JSON of a call, got ${json.trim().slice(0, 60) || 'nothing'}` }
  }
  const result = calls.safeParse(value)
  if (!result.success)
    return {
      ok: false,
      reason: `expected calls with \`name\` and \`arguments\`, got ${json.trim().slice(0, 60)}`,
    }
  return {
    ok: true,
    before,
    calls: result.data.map((one, at) => ({
      id: String(at),
      name: one.name,
      arguments: JSON.stringify(one.arguments),
    })),
  }
}
