import { z } from 'zod'
import type { Task } from '../../core/task.js'

/** Columns in which rows list their must-use tools themselves. */
export const TOOL_COLUMNS = ['required_tools', 'must_use_tools', 'must_use'] as const

const names = z.array(z.string())

/** What a row itself lists as its must-use tools; null where it lists none. `tools` is null where the column holds no list of names. */
export function declaredTools({
  metadata,
}: Task): { column: string; value: unknown; tools: readonly string[] | null } | null {
  for (const column of TOOL_COLUMNS) {
    const value = metadata[column]
    if (value === undefined || value === null) continue
    const { success, data } = names.safeParse(value)
    return { column, value, tools: success ? data : null }
  }
  return null
}
