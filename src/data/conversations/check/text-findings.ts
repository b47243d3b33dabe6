import type { DatasetAttributes } from '../sharegpt/dataset-attributes.js'
import type { Turn } from './check-row.js'
import type { RowFinding } from './conversation-finding.js'

/** A tool's text of more characters is cut while it is rolled out (paper, section 2): nothing longer is ever seen. */
const LONGEST_TOOL_TEXT = 10_000

/** Texts that are taken as they are, although they teach nothing, or what never comes. */
export function textFindings({
  turns,
  tags,
}: {
  turns: readonly Turn[]
  tags: DatasetAttributes['tags']
}): RowFinding[] {
  return turns.flatMap(({ from, value }, at): RowFinding[] => {
    const found = (expected: string, got: string): RowFinding => ({
      ...{ check: 'text', effect: 'accepts', what: `turn ${at + 1}`, expected, got },
    })
    if (from === tags.assistant && value.trim() === '') return [found('something to learn', 'an empty text')]
    if (from === tags.observation && value.length > LONGEST_TOOL_TEXT)
      return [found(`at most ${LONGEST_TOOL_TEXT} characters of a tool`, String(value.length))]
    return []
  })
}
