import type { NativeToolCall } from '../../core/message.js'
import { parsePythonJson, PythonJsonError } from '../../core/python/json.js'
import { pythonJsonText } from '../../core/python/json-text.js'

/**
 * A turn whose calls came natively, as one text: the calls behind what was said, each in `<tool_call>` as the chat templates of Qwen write it. Arguments that are no JSON
 * stay as they were: the block is then as broken as the call was.
 */
export function callsInText({ text, calls }: { text: string; calls: readonly NativeToolCall[] }): string {
  const blocks = calls.map(
    ({ name, arguments: json }) =>
      `<tool_call>\n{"name": ${pythonJsonText(name)}, "arguments": ${normalised(json)}}\n</tool_call>`,
  )
  const between = text === '' || text.endsWith('\n') ? '' : '\n'
  return `${text}${between}${blocks.join('\n')}`
}

function normalised(json: string): string {
  try {
    return pythonJsonText(parsePythonJson(json))
  } catch (error) {
    if (error instanceof PythonJsonError) return json
    throw error
  }
}
