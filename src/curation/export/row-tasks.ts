import { DataError, UsageError } from '../../core/errors.js'
import type { Task } from '../../core/task.js'
import type { OpenedSuite } from '../../data/open-suite.js'
import { rowToTasks } from '../../data/rows/row-to-tasks.js'

/** The questions of opened rows, one row at a time. A row that is none, or cannot be read, is told and left out. */
export async function* rowTasks({
  suite: { rows, layout, settings, transforms },
  onProblem,
}: {
  suite: OpenedSuite
  onProblem: (problem: DataError) => void
}): AsyncGenerator<Task> {
  const tell = (cause: UsageError): void =>
    onProblem(cause instanceof DataError ? cause : new DataError(cause.message, { cause }))
  for await (const raw of rows.rows({ onUnreadable: ({ error }) => tell(error) })) {
    const file = raw.file ?? rows.path
    const made = await rowToTasks({ raw, file, layout, settings, transforms }).catch((cause: unknown) => {
      if (!(cause instanceof UsageError)) throw cause
      tell(cause)
      return null
    })
    yield* made?.tasks ?? []
  }
}
