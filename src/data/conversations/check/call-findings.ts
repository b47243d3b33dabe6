import type { DatasetAttributes } from '../sharegpt/dataset-attributes.js'
import { readFunctionTurn } from '../sharegpt/read-function-turn.js'
import type { Turn } from './check-row.js'
import type { RowFinding } from './conversation-finding.js'

/** Turns that hold calls alone must be the JSON of calls. */
export function callFindings({
  turns,
  tags,
}: {
  turns: readonly Turn[]
  tags: DatasetAttributes['tags']
}): RowFinding[] {
  return turns.flatMap(({ from, value }, at): RowFinding[] => {
    if (from !== tags.function || tags.function === null) return []
    const read = readFunctionTurn(value)
    if (read.ok) return []
    const [expected = '', got = ''] = read.reason.replace(/^expected /, '').split(', got ')
    return [{ check: 'calls', effect: 'stops', what: `turn ${at + 1}`, expected, got }]
  })
}
