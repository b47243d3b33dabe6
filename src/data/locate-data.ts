import { stat } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { hub as hubEnvironment } from '../config/environment.js'
import { errorCode } from '../core/error-code.js'
import { UsageError } from '../core/errors.js'
import { downloadedDatasets } from './hub/downloaded-datasets.js'
import { fetchDataset, type DownloadProgress } from './hub/fetch-dataset.js'
import { matchingFiles } from './hub/matching-files.js'
import type { SuiteDefinition } from './suite-definition.js'

/** Formats of rows, by the end of a file's name. */
export const ROW_FORMATS = ['.parquet', '.jsonl', '.tsv'] as const

/** Where the rows of a suite come from. */
export interface LocatedData {
  /** Absolute. */
  files: readonly string[]
  /** What was fetched from the hub; null for files that the user has. */
  origin: Origin | null
}

/** A data set of the hub. */
export interface Origin {
  repository: string
  /** As the suite names it: a branch, a tag or a commit. */
  revision: string
  /** What it named when it was fetched; null where that is not known. */
  commit: string | null
}

/**
 * The files of a suite's rows: what the user names, else the local cache, else the hub (HF_ENDPOINT, HF_TOKEN).
 * @throws UsageError when what is named is not there; HubError when the hub is needed and does not give the files.
 */
export async function locateData({
  definition,
  folder = null,
  data,
  earlier = null,
  signal,
  onProgress,
}: {
  definition: SuiteDefinition
  /** Of the suite's own YAML file, beside which its local file stands; null: a suite of this package, whose file the user has anywhere. */
  folder?: string | null
  /** A file, or a folder of files. */
  data: string | undefined
  /** Where the same rows came from before: of the same revision of the same data set its commit is taken, whatever a branch names by now. */
  earlier?: Origin | null | undefined
  signal?: AbortSignal | undefined
  onProgress?: ((progress: DownloadProgress) => void) | undefined
}): Promise<LocatedData> {
  const { source, title } = definition
  if (data !== undefined) return { files: await named({ definition, data }), origin: null }
  if (source.kind === 'local' && folder !== null)
    return { files: await named({ definition, data: resolve(folder, source.file) }), origin: null }
  if (source.kind !== 'hub') {
    const what = source.kind === 'local' ? source.file : 'a folder of pictures'
    throw new UsageError(
      `${title} has no fixed place; name a local file: --data FILE on the command line, or \`data: FILE\` in the configuration (${what})`,
    )
  }
  const { repository, revision, file, beside } = source
  const isSame = earlier?.repository === repository && earlier.revision === revision
  const { files, commit } = await fetchDataset({
    hub: { repository, revision: (isSame ? earlier.commit : null) ?? revision, ...hubEnvironment() },
    directory: join(downloadedDatasets(), repository),
    file,
    beside,
    signal,
    onProgress,
  })
  return { files, origin: { repository, revision, commit } }
}

async function named({ definition, data }: { definition: SuiteDefinition; data: string }): Promise<string[]> {
  const path = resolve(data)
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    (cause: unknown) => {
      if (errorCode(cause) === null) throw cause
      throw new UsageError(`${path}: expected a file or folder; ${String(cause)}`, { cause })
    },
  )
  const { source } = definition
  if (!isFolder || source.kind === 'folder') return [path]
  const inPlace = source.kind === 'hub' ? await matchingFiles({ folder: path, pattern: source.file }) : []
  if (inPlace.length > 0) return inPlace
  for (const format of ROW_FORMATS) {
    const found = await matchingFiles({ folder: path, pattern: `*${format}` })
    if (found.length > 0) return found
  }
  const expected = source.kind === 'hub' ? `${source.file}, or ` : ''
  throw new UsageError(
    `${path}: expected a folder with ${expected}files that end with ${ROW_FORMATS.join(', ')}, got none`,
  )
}

/** @throws UsageError when a file's name says no format that can be read. */
export function formatOf(path: string): (typeof ROW_FORMATS)[number] {
  const format = ROW_FORMATS.find((known) => known === extname(path))
  if (format !== undefined) return format
  throw new UsageError(`${path}: expected a file that ends with ${ROW_FORMATS.join(' or ')}`)
}
