import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { cacheDirectory } from '../config/cache-directory.js'
import { hub } from '../config/environment.js'
import { UsageError } from '../core/errors.js'
import type { Task } from '../core/task.js'
import { openJsonl } from './rows/jsonl-file.js'
import { openParquet } from './rows/parquet-file.js'
import type { RowFile } from './rows/row-file.js'
import { rowToTask } from './rows/row-to-task.js'
import { readSuiteDefinition, type SuiteDefinition } from './suite-definition.js'

/** The rows of a benchmark, ready to be asked. */
export interface Suite {
  readonly name: string
  /** Rows of the file. */
  readonly count: number
  /** The data file, absolute. */
  readonly path: string
  /** SHA-256 of the data file. */
  readonly sha256: string
  /** Null for a file that belongs to no known suite. */
  readonly definition: SuiteDefinition | null
  /**
   * The wanted rows (by index from 0; default: all), in the file's order; streamed.
   * @throws UsageError naming file, row and column when a row is wrong.
   */
  tasks(options?: { isWanted?: (index: number) => boolean }): AsyncIterable<IndexedTask>
}

export interface IndexedTask {
  /** Place in the file, from 0. */
  index: number
  task: Task
  /** What of the row could not be used, though its question can be asked. */
  notices: readonly string[]
}

const OPEN: Readonly<Record<string, (path: string) => Promise<RowFile>>> = {
  '.parquet': openParquet,
  '.jsonl': openJsonl,
}

/**
 * Open a suite: a parquet or JSONL file, a suite's name, or a suite's YAML. `data` is a local file to take instead of the suite's own source.
 * @throws UsageError when there is no such suite or file, or the file is not what it must be.
 */
export async function loadSuite({
  suite,
  data,
}: {
  suite: string
  data?: string | undefined
}): Promise<Suite> {
  const isFile = extname(suite) in OPEN
  const definition = isFile ? null : await readSuiteDefinition(suite)
  const path = resolve(data ?? (definition === null ? suite : await sourceOf(definition)))
  const open = OPEN[extname(path)]
  if (open === undefined) {
    throw new UsageError(`${path}: expected a file that ends with ${Object.keys(OPEN).join(' or ')}`)
  }
  const file = await open(path)
  const name = definition?.name ?? basename(suite, extname(suite))
  return {
    name,
    count: file.count,
    path,
    sha256: await fileSha256(path),
    definition,
    async *tasks(options): AsyncGenerator<IndexedTask> {
      for await (const raw of file.rows(options)) {
        yield { index: raw.index, ...(await rowToTask({ raw, file: path, suite: name })) }
      }
    },
  }
}

/** The file in the cache. @throws UsageError that says what to download from where and how to name it when it is not on this machine. */
async function sourceOf({ title, source }: SuiteDefinition): Promise<string> {
  const how = 'name a local file: --data FILE on the command line, or `data: FILE` in the configuration'
  if (source.kind === 'local') throw new UsageError(`${title} has no fixed place; ${how} (${source.file})`)
  const path = join(cacheDirectory(), 'datasets', source.repository, source.revision, source.file)
  const isThere = await stat(path).then(
    () => true,
    () => false,
  )
  if (isThere) return path
  const { endpoint, token } = hub()
  const url = `${endpoint}/datasets/${source.repository}/resolve/${source.revision}/${source.file}`
  const credentials = token === null ? '' : '-H "Authorization: Bearer $HF_TOKEN" '
  throw new UsageError(
    [
      `${title}: its rows are not on this machine (there is no ${path}).`,
      `Download ${source.file} of the data set ${source.repository} (revision ${source.revision}), then ${how}:`,
      `  curl --fail -L ${credentials}-o ${basename(source.file)} ${url}`,
      `In ${dirname(path)} it is found without being named. All files of the data set: ${endpoint}/datasets/${source.repository}/tree/${source.revision}`,
    ].join('\n'),
  )
}

async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
