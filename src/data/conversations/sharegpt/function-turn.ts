import { DataError } from '../../../core/errors.js'
import { callsInText } from '../calls-in-text.js'
import { readFunctionTurn } from './read-function-turn.js'

/**
 * The text of a turn that holds its calls as JSON, with the calls in `<tool_call>`.
 * @throws DataError where they are no JSON
 */
export function functionTurn({ text, where }: { text: string; where: string }): string {
  const read = readFunctionTurn(text)
  if (!read.ok) throw new DataError(`${where}: ${read.reason}`)
  return callsInText({ text: read.before, calls: read.calls })
}
