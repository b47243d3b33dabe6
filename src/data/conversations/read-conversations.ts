import { DataError } from '../../core/errors.js'
import type { Conversation } from './conversation.js'
import { fromJsonl } from './jsonl/from-jsonl.js'
import type { ConversationFile } from './open-conversations.js'
import { readJsonRows } from './read-json-rows.js'
import { fromSharegpt } from './sharegpt/from-sharegpt.js'

/**
 * The conversations of a file, one at a time. A row that is none is told and left out; where nobody is to be told, it is thrown.
 * @throws UsageError when the file cannot be read
 */
export async function* readConversations({
  file: { path, folder, format },
  onProblem,
}: {
  file: ConversationFile
  onProblem?: (problem: DataError) => void
}): AsyncGenerator<Conversation> {
  for await (const row of readJsonRows(path)) {
    try {
      if (!row.ok) throw row.error
      const { value, where, index } = row
      if (!isObject(value)) throw new DataError(`${where}: expected a JSON object, got ${typeof value}`)
      const conversation =
        format.kind === 'jsonl'
          ? fromJsonl({ row: value, folder, where })
          : fromSharegpt({ row: value, attributes: format.attributes, folder, where, index })
      yield { ...conversation, where }
    } catch (cause) {
      if (onProblem === undefined || !(cause instanceof DataError)) throw cause
      onProblem(cause)
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
