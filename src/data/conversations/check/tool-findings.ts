import { z } from 'zod'
import type { CheckedRow } from './check-row.js'
import type { RowFinding } from './conversation-finding.js'

const tools = z.array(z.looseObject({}))

/** The tools of a row are the JSON text of a list, or nothing. */
export function toolFindings({ tools: text }: Pick<CheckedRow, 'tools'>): RowFinding[] {
  if (text === '') return []
  return isList(text)
    ? []
    : [
        {
          ...{ check: 'tools', effect: 'stops', what: 'tools', expected: 'the JSON text of a list of tools' },
          got: text.slice(0, 60),
        },
      ]
}

function isList(text: string): boolean {
  try {
    return tools.safeParse(JSON.parse(text)).success
  } catch {
    return false // no JSON: what is told
  }
}
