import type { CodeCall } from '../core/code-call.js'
import { parsePythonJson, PythonJsonError, type PythonJson } from '../core/python/json.js'
import { taggedBlocks } from '../core/tagged-blocks.js'
import { describeJson, type CallProblem } from './call-problem.js'
import { CALL_CLOSE, CALL_OPEN } from './hermes.js'
import type { Turn, TurnReading } from './turn-reading.js'

type Checked<T> = { ok: true; value: T } | { ok: false; problem: CallProblem }

const refuse = (problem: CallProblem): { ok: false; problem: CallProblem } => ({ ok: false, problem })

/**
 * Read a turn so that the model can learn from its slips. The first call decides: it is run, or the model is told what is wrong with it.
 * Further calls of the same turn are not run, and the model is told so.
 *
 * Tolerated: blanks and order, arguments as JSON inside a string, a missing description, and a missing `image_index` (image 0, said in
 * the note). A turn that holds a whole `<answer>` is an answer, even if a lone call tag stands in its thoughts.
 */
export function readTurnRobust({ turn, tools }: { turn: Turn; tools: readonly string[] }): TurnReading {
  const first = findFirstCall(turn)
  if (first === null) return { type: 'answer', malformed: 0 }
  const { found, toolCallId } = first
  const call = found.ok ? checkName({ ...found.value, tools }) : found
  const checked = call.ok ? checkArguments(call.value) : call
  if (!checked.ok) return { type: 'problem', problem: checked.problem, toolCallId, malformed: 1 }

  const asked = turn.text.split(CALL_OPEN).length - 1 + turn.toolCalls.length
  const notes = [
    ...(asked > 1 ? [`You wrote ${asked} tool calls; a turn holds one, so only the first was run.`] : []),
    ...(checked.value.imageIndex === undefined
      ? ['image_index was missing, so the code was given image 0.']
      : []),
  ]
  return {
    type: 'call',
    call: { ...checked.value, imageIndex: checked.value.imageIndex ?? 0 },
    note: notes.length > 0 ? notes.join(' ') : null,
    toolCallId,
    malformed: 0,
  }
}

interface RawCall {
  name: string
  given: PythonJson
}

interface FirstCall {
  found: Checked<RawCall>
  /** Null for a call in the text. */
  toolCallId: string | null
}

/** The first call of a turn, in the text before outside of it; null where there is none. */
function findFirstCall({ text, toolCalls }: Turn): FirstCall | null {
  const inText = (found: Checked<RawCall>): FirstCall => ({ found, toolCallId: null })
  const block = taggedBlocks({ text, open: CALL_OPEN, close: CALL_CLOSE }).blocks[0]
  if (block !== undefined) return inText(readBlock(block))
  const native = toolCalls[0]
  if (native !== undefined) {
    const given = readJson(native.arguments)
    const found: Checked<RawCall> = given.ok
      ? { ok: true, value: { name: native.name, given: given.value } }
      : given
    return { found, toolCallId: native.id }
  }
  if (taggedBlocks({ text, open: '<answer>', close: '</answer>' }).blocks.length > 0) return null
  if (text.includes(CALL_OPEN)) return inText(refuse({ type: 'not-closed' }))
  return text.includes(CALL_CLOSE) ? inText(refuse({ type: 'not-opened' })) : null
}

function readBlock(block: string): Checked<RawCall> {
  const json = readJson(block)
  // A second opening tag in a block that is no JSON: the first call was never closed.
  if (!json.ok) return block.includes(CALL_OPEN) ? refuse({ type: 'not-closed' }) : json
  if (!(json.value instanceof Map)) return refuse({ type: 'not-a-call', missing: 'object' })
  const name = json.value.get('name')
  if (typeof name !== 'string') return refuse({ type: 'not-a-call', missing: 'name' })
  const given = json.value.get('arguments')
  if (given === undefined) return refuse({ type: 'not-a-call', missing: 'arguments' })
  return { ok: true, value: { name, given } }
}

function checkName({ name, given, tools }: RawCall & { tools: readonly string[] }): Checked<PythonJson> {
  if (!tools.includes(name)) return refuse({ type: 'unknown-tool', name, known: tools })
  return typeof given === 'string' ? readJson(given) : { ok: true, value: given }
}

function checkArguments(given: PythonJson): Checked<CodeCall> {
  if (!(given instanceof Map)) return refuse({ type: 'arguments-not-object', got: describeJson(given) })
  const code = given.get('code')
  if (typeof code !== 'string' || code.trim() === '') {
    return refuse({ type: 'bad-code', got: describeJson(code) })
  }
  const index = given.get('image_index')
  if (index !== undefined && (typeof index !== 'bigint' || !Number.isSafeInteger(Number(index)))) {
    return refuse({ type: 'bad-image-index', got: describeJson(index) })
  }
  const description = given.get('description')
  return {
    ok: true,
    value: {
      code,
      ...(typeof description === 'string' && { description }),
      ...(index !== undefined && { imageIndex: Number(index) }),
    },
  }
}

function readJson(source: string): Checked<PythonJson> {
  try {
    return { ok: true, value: parsePythonJson(source) }
  } catch (error) {
    if (!(error instanceof PythonJsonError)) throw error
    return refuse({ type: 'broken-json', source, reason: error.message, offset: error.offset })
  }
}
