import { parsePythonJson, PythonJsonError, type PythonObject } from '../core/python-json.js'
import { pythonJsonText } from '../core/python-json-text.js'
import { describeJson } from './call-problem.js'
import { parseHermes, type HermesCall } from './hermes.js'
import type { Turn, TurnReading } from './turn-reading.js'

/**
 * Read a turn as the released environment does: malformed blocks are dropped silently, the first call that remains is run and the others
 * are ignored, `image_index` is 0 where it is missing, and a turn without a readable call is the final answer.
 * Source: `ToolAgentLoop` and `CodeImageTool.execute` of the release.
 */
export function readTurnHermes({ turn, tools }: { turn: Turn; tools: readonly string[] }): TurnReading {
  const { calls, dropped } = parseHermes(turn.text)
  const native = turn.toolCalls.map(normalizeNative)
  const readable = [...calls, ...native.filter((call) => call !== null)]
  const malformed = dropped + native.filter((call) => call === null).length
  const first = readable[0]
  return first === undefined ? { type: 'answer', malformed } : readCall({ call: first, tools, malformed })
}

function readCall({
  call,
  tools,
  malformed,
}: {
  call: HermesCall
  tools: readonly string[]
  malformed: number
}): TurnReading {
  const refused = malformed + 1
  if (!tools.includes(call.name)) {
    return {
      type: 'problem',
      problem: { type: 'unknown-tool', name: call.name, known: tools },
      malformed: refused,
    }
  }
  const given = parsePythonJson(call.arguments)
  if (!(given instanceof Map)) {
    return {
      type: 'problem',
      problem: { type: 'arguments-not-object', got: describeJson(given) },
      malformed: refused,
    }
  }
  const code = given.get('code')
  if (typeof code !== 'string' || code === '') {
    return { type: 'problem', problem: { type: 'bad-code', got: describeJson(code) }, malformed: refused }
  }
  const imageIndex = readImageIndex(given)
  if (imageIndex === null) {
    const got = describeJson(given.get('image_index'))
    return { type: 'problem', problem: { type: 'bad-image-index', got }, malformed: refused }
  }
  const description = given.get('description')
  return {
    type: 'call',
    call: { code, imageIndex, ...(typeof description === 'string' && { description }) },
    note: null,
    malformed,
  }
}

/** In Python a boolean is an integer: true is image 1. */
function readImageIndex(given: PythonObject): number | null {
  const value = given.get('image_index') ?? (given.has('image_index') ? null : 0n)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'bigint' || value < 0n) return null
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value)
}

/** Arguments of native calls are the server's own JSON; they get the serialisation of a call read from text. */
function normalizeNative({ name, arguments: json }: HermesCall): HermesCall | null {
  try {
    return { name, arguments: pythonJsonText(parsePythonJson(json)) }
  } catch (error) {
    if (error instanceof PythonJsonError) return null
    throw error
  }
}
