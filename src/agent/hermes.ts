import { parsePythonJson, PythonJsonError, type PythonJson } from '../core/python/json.js'
import { pythonJsonText } from '../core/python/json-text.js'
import { taggedBlocks } from '../core/tagged-blocks.js'

export const CALL_OPEN = '<tool_call>'
export const CALL_CLOSE = '</tool_call>'

export interface HermesCall {
  name: string
  /** JSON text, serialised as Python does (`{"a": 1.0}`). */
  arguments: string
}

export interface HermesText {
  /** The text without its call blocks, malformed ones too. */
  content: string
  /** Calls that could be read, in order. */
  calls: HermesCall[]
  /** Blocks that were dropped because they could not be read. */
  dropped: number
}

/**
 * Read the tool calls of a text as the released environment does (its `HermesToolParser`): every closed block that is a JSON object with
 * a `name` (text) and `arguments` (anything) is a call, every other block is dropped silently.
 */
export function parseHermes(text: string): HermesText {
  const { blocks, rest } = taggedBlocks({ text, open: CALL_OPEN, close: CALL_CLOSE })
  const calls = blocks.map(readBlock).filter((call) => call !== null)
  return { content: rest, calls, dropped: blocks.length - calls.length }
}

function readBlock(block: string): HermesCall | null {
  const value = parseOrNull(block)
  if (!(value instanceof Map)) return null
  const name = value.get('name')
  const given = value.get('arguments')
  if (typeof name !== 'string' || given === undefined) return null
  return { name, arguments: pythonJsonText(given) }
}

/** Null is no call either, so it can stand for "not JSON". */
function parseOrNull(text: string): PythonJson {
  try {
    return parsePythonJson(text)
  } catch (error) {
    if (error instanceof PythonJsonError) return null
    throw error
  }
}
