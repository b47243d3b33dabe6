import { UsageError } from '../../core/errors.js'
import type { Task } from '../../core/task.js'
import type { OpenedSuite } from '../open-suite.js'
import type { UnreadableRows } from '../rows/row-file.js'
import { rowToTasks, type RowTasks } from '../rows/row-to-tasks.js'
import type { Place } from './finding.js'

/** A row, or why it is none. */
export type SourceRow =
  | ({ isReadable: true; place: Place; task: Task } & Pick<RowTasks, 'notices' | 'misnamed'>)
  | { isReadable: false; place: Place; rows: number; reason: string }

/** Every row of a suite in its own orientation and without the suite's prompt; a wrong one stops nothing. One row is held at a time. */
export async function* sourceRows({
  rows,
  layout,
  settings,
}: Pick<OpenedSuite, 'rows' | 'layout' | 'settings'>): AsyncGenerator<SourceRow> {
  const unreadable: UnreadableRows[] = []
  for await (const raw of rows.rows({ onUnreadable: (found) => unreadable.push(found) })) {
    yield* unreadable.splice(0).map((found) => unreadableRow({ found, path: rows.path }))
    const file = raw.file ?? rows.path
    const place = { file, row: (raw.indexInFile ?? raw.index) + 1, where: raw.where }
    try {
      const made = await rowToTasks({
        raw,
        file,
        layout,
        settings: { ...settings, prompt: null },
        transforms: null,
      })
      const { tasks, notices, misnamed } = made
      for (const task of tasks) yield { isReadable: true, place, task, notices, misnamed }
    } catch (cause) {
      if (!(cause instanceof UsageError)) throw cause
      yield { isReadable: false, place, rows: 1, reason: cause.message }
    }
  }
  yield* unreadable.map((found) => unreadableRow({ found, path: rows.path }))
}

function unreadableRow({ found, path }: { found: UnreadableRows; path: string }): SourceRow {
  const { first, end, firstInFile = first, file = path, where, error } = found
  const place = { file, row: firstInFile + 1, where }
  return { isReadable: false, place, rows: end - first, reason: error.message }
}
