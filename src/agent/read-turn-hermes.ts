import type { CodeCall } from '../core/code-call.js'
import type { NativeToolCall } from '../core/message.js'
import { parsePythonJson, PythonJsonError, type PythonObject } from '../core/python/json.js'
import { pythonJsonText } from '../core/python/json-text.js'
import { describeJson, type CallProblem } from './call-problem.js'
import { parseHermes, type HermesCall } from './hermes.js'
import type { Turn, TurnReading } from './turn-reading.js'

/**
 * Read a turn as the released environment does: malformed blocks are dropped silently, the first call that remains is run and the others
 * are ignored, `image_index` is 0 where it is missing, and a turn without a readable call is the final answer.
 * Source: `ToolAgentLoop` and `CodeImageTool.execute` of the release.
 */
export function readTurnHermes({ turn, tools }: { turn: Turn; tools: readonly string[] }): TurnReading {
  const { calls, dropped } = parseHermes(turn.text)
  const native = turn.toolCalls.map(normalizeNative).filter((call) => call !== null)
  const malformed = dropped + turn.toolCalls.length - native.length
  const first = [...calls.map((call) => ({ ...call, id: null })), ...native][0]
  if (first === undefined) return { type: 'answer', malformed }
  const { id: toolCallId } = first
  const checked = checkCall({ call: first, tools })
  return 'problem' in checked
    ? { type: 'problem', problem: checked.problem, toolCallId, malformed: malformed + 1 }
    : { type: 'call', call: checked.call, note: null, toolCallId, malformed }
}

function checkCall({
  call: { name, arguments: json },
  tools,
}: {
  call: HermesCall
  tools: readonly string[]
}): { call: CodeCall } | { problem: CallProblem } {
  if (!tools.includes(name)) return { problem: { type: 'unknown-tool', name, known: tools } }
  const given = parsePythonJson(json)
  if (!(given instanceof Map)) return { problem: { type: 'arguments-not-object', got: describeJson(given) } }
  const code = given.get('code')
  if (typeof code !== 'string' || code === '')
    return { problem: { type: 'bad-code', got: describeJson(code) } }
  const imageIndex = readImageIndex(given)
  if (imageIndex === null) {
    return { problem: { type: 'bad-image-index', got: describeJson(given.get('image_index')) } }
  }
  const description = given.get('description')
  return { call: { code, imageIndex, ...(typeof description === 'string' && { description }) } }
}

/** In Python a boolean is an integer: true is image 1. */
function readImageIndex(given: PythonObject): number | null {
  const value = given.has('image_index') ? given.get('image_index') : 0n
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'bigint' || value < 0n) return null
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value)
}

/** Arguments of native calls are the server's own JSON; they get the serialisation of a call read from text. */
function normalizeNative({
  id,
  name,
  arguments: json,
}: NativeToolCall): (HermesCall & { id: string }) | null {
  try {
    return { id, name, arguments: pythonJsonText(parsePythonJson(json)) }
  } catch (error) {
    if (error instanceof PythonJsonError) return null
    throw error
  }
}
