import type { Task } from '../core/task.js'
import type { Transform } from '../core/transform.js'
import { describeMisnamed } from './layouts/misnamed-columns.js'
import type { LocatedData } from './locate-data.js'
import { openSuite, type OpenSuiteParameters } from './open-suite.js'
import { openPlanIndex, type PlanEntry } from './plan-index.js'
import { rowToTasks } from './rows/row-to-tasks.js'
import type { SuiteDefinition } from './suite-definition.js'

/** The rows of a benchmark, ready to be asked. */
export interface Suite {
  readonly name: string
  /** Tasks: rows of the file, each in every orientation. */
  readonly count: number
  /** The data file, absolute; of several, all of them. */
  readonly path: string
  /** SHA-256 of the data file; of several, of their checksums. */
  readonly sha256: string
  /** What was fetched from the hub, the branch resolved to a commit; null for files that the user has. */
  readonly origin: LocatedData['origin']
  /** What of the data as a whole a reader should know, such as what is left out. */
  readonly notices: readonly string[]
  /** Null for a file that belongs to no known suite. */
  readonly definition: SuiteDefinition | null
  /** Orientations in which each row is asked, made here; null: as the rows are. */
  readonly transforms: readonly Transform[] | null
  /**
   * The wanted tasks (by index from 0; default: all), row by row in the file's order, the orientations of a row one after the other; streamed.
   * @throws UsageError naming file, row and column when a row is wrong.
   */
  tasks(options?: { isWanted?: (index: number) => boolean }): AsyncIterable<IndexedTask>
  /** Keys and names of the wanted tasks. Rows are read, and checked, only where no earlier start has done so. @throws as `tasks`. */
  entries(options?: { isWanted?: (index: number) => boolean }): AsyncIterable<PlanEntry & { index: number }>
}

export interface IndexedTask {
  /** Place in the suite, from 0. */
  index: number
  task: Task
  /** What of the row could not be used, though its question can be asked. */
  notices: readonly string[]
}

/**
 * Open a suite and check its rows as they are read.
 * @throws as {@link openSuite}
 */
export async function loadSuite(parameters: OpenSuiteParameters): Promise<Suite> {
  const { rows, layout, settings, ...opened } = await openSuite(parameters)
  const { sha256, transforms } = opened
  const width = transforms?.length ?? 1

  const tasksOf = async function* (
    isWanted: (index: number) => boolean,
    onFile?: (path: string) => Promise<void>,
  ): AsyncGenerator<IndexedTask> {
    const isRowWanted = (row: number): boolean =>
      Array.from({ length: width }, (_, at) => row * width + at).some(isWanted)
    for await (const raw of rows.rows({ isWanted: isRowWanted })) {
      const file = raw.file ?? rows.path
      const made = await rowToTasks({ raw, file, layout, settings, transforms })
      // Without the row: what holds for all of them is told once.
      const misnamed = made.misnamed.map((column) => `${file}: ${describeMisnamed(column)}`)
      for (const path of made.files) await onFile?.(path)
      for (const [at, task] of made.tasks.entries()) {
        const index = raw.index * width + at
        if (!isWanted(index)) continue
        const notices =
          at === 0 ? [...misnamed, ...made.notices, ...emptyAnswers({ task, where: raw.where })] : []
        yield { index, task, notices }
      }
    }
  }

  return {
    ...opened,
    count: rows.count * width,
    path: rows.path,
    tasks: ({ isWanted = () => true } = {}) => tasksOf(isWanted),
    async *entries({ isWanted = () => true } = {}) {
      const key = JSON.stringify([rows.path, sha256, layout.schema, settings, transforms])
      const known = await openPlanIndex({ key })
      const isUnknown = (index: number): boolean => isWanted(index) && known.get(index) === undefined
      const all = Array.from({ length: rows.count * width }, (_, index) => index)
      if (all.some(isUnknown)) {
        for await (const { index, task, notices } of tasksOf(isUnknown, known.dependOn))
          known.set(index, { key: task.key, id: task.id, notices })
        await known.save()
      }
      for (const index of all.filter(isWanted)) {
        const entry = known.get(index)
        if (entry !== undefined) yield { index, ...entry }
      }
    },
  }
}

/** Benchmarks' own rules go on with such a row, so it is asked; but its score says nothing. */
function emptyAnswers({ task: { answers }, where }: { task: Task; where: string }): string[] {
  if (answers.every((answer) => answer.trim() !== '')) return []
  return [
    `${where}: an accepted answer is empty; no answer equals it, and where one need only contain it (OCRBench), every one does`,
  ]
}
