import { basename, extname, resolve } from 'node:path'
import { UsageError } from '../core/errors.js'
import type { Task } from '../core/task.js'
import type { Transform } from '../core/transform.js'
import type { DownloadProgress } from './hub/fetch-dataset.js'
import type { RowSettings } from './layouts/layout.js'
import { LAYOUTS } from './layouts/layouts.js'
import { locateData, ROW_FORMATS, type LocatedData } from './locate-data.js'
import { checksumOfAll, openRows } from './open-rows.js'
import { openPlanIndex, type PlanEntry } from './plan-index.js'
import { openImageFolder } from './rows/image-folder.js'
import type { RowFile } from './rows/row-file.js'
import { rowToTasks } from './rows/row-to-tasks.js'
import { readSuiteDefinition, type SuiteDefinition } from './suite-definition.js'

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
 * Open a suite: a parquet, JSONL or TSV file, a suite's name, or a suite's YAML. `data` is a local file or folder to take instead of the suite's own source,
 * which is fetched where it is not on this machine.
 * @throws UsageError when there is no such suite or file, or the file is not what it must be; HubError when the rows cannot be fetched.
 */
export async function loadSuite({
  suite,
  data,
  transforms,
  seed = 0,
  signal,
  onProgress,
}: {
  suite: string
  data?: string | undefined
  /** Orientations to ask each row in, made from its image, which must not have been transformed; default: those of the suite, else as the rows are. */
  transforms?: readonly Transform[] | undefined
  /** Of whatever the suite draws, such as the order of options. */
  seed?: number
  signal?: AbortSignal | undefined
  onProgress?: ((progress: DownloadProgress) => void) | undefined
}): Promise<Suite> {
  const isFile = (ROW_FORMATS as readonly string[]).includes(extname(suite))
  const definition = isFile ? null : await readSuiteDefinition(suite)
  const name = definition?.name ?? basename(suite, extname(suite))
  const asked = orientationsOf({ definition, name, transforms })
  const { files, origin } =
    definition === null
      ? { files: [resolve(data ?? suite)], origin: null }
      : await locateData({ definition, data, signal, onProgress })
  const layout = LAYOUTS[definition?.rows ?? 'mvtoolbench']
  const settings: RowSettings = { suite: name, seed, prompt: definition?.prompt ?? null }
  const { rows, sha256 } = await open({ definition, files, seed: `${seed} ${name}` })
  const width = asked?.length ?? 1

  const tasksOf = async function* (
    isWanted: (index: number) => boolean,
    onFile?: (path: string) => Promise<void>,
  ): AsyncGenerator<IndexedTask> {
    const isRowWanted = (row: number): boolean =>
      Array.from({ length: width }, (_, at) => row * width + at).some(isWanted)
    for await (const raw of rows.rows({ isWanted: isRowWanted })) {
      const made = await rowToTasks({
        raw,
        file: raw.file ?? rows.path,
        layout,
        settings,
        transforms: asked,
      })
      for (const path of made.files) await onFile?.(path)
      for (const [at, task] of made.tasks.entries()) {
        const index = raw.index * width + at
        if (isWanted(index)) yield { index, task, notices: at === 0 ? made.notices : [] }
      }
    }
  }

  return {
    name,
    count: rows.count * width,
    path: rows.path,
    sha256,
    origin,
    definition,
    transforms: asked,
    tasks: ({ isWanted = () => true } = {}) => tasksOf(isWanted),
    async *entries({ isWanted = () => true } = {}) {
      const key = JSON.stringify([rows.path, sha256, layout.schema, settings, asked])
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

/** @throws UsageError when the suite does not have an orientation that is asked for. */
function orientationsOf({
  definition,
  name,
  transforms,
}: {
  definition: SuiteDefinition | null
  name: string
  transforms: readonly Transform[] | undefined
}): readonly Transform[] | null {
  const has = definition?.transforms ?? null
  if (transforms === undefined) return has
  const unknown = transforms.filter((transform) => has !== null && !has.includes(transform))
  if (unknown.length > 0)
    throw new UsageError(`transforms: ${name} has ${(has ?? []).join(', ')}, got ${unknown.join(', ')}`)
  return [...new Set(transforms)]
}

async function open({
  definition,
  files,
  seed,
}: {
  definition: SuiteDefinition | null
  files: readonly string[]
  seed: string
}): Promise<{ rows: RowFile; sha256: string }> {
  const layout = LAYOUTS[definition?.rows ?? 'mvtoolbench']
  if (definition?.source.kind === 'folder') {
    const { count } = definition.source
    const folder = await openImageFolder({ path: files[0] ?? '', count, seed })
    return { rows: folder, sha256: await checksumOfAll(folder.files) }
  }
  const rows = await openRows({ files, layout })
  return { rows, sha256: await checksumOfAll(files) }
}
