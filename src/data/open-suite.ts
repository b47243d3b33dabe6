import { basename, dirname, extname, resolve } from 'node:path'
import { UsageError } from '../core/errors.js'
import type { Transform } from '../core/transform.js'
import type { DownloadProgress } from './hub/fetch-dataset.js'
import type { Layout, RowSettings } from './layouts/layout.js'
import { LAYOUTS } from './layouts/layouts.js'
import { locateData, ROW_FORMATS, type LocatedData, type Origin } from './locate-data.js'
import { checksumOfAll, openRows } from './open-rows.js'
import { openImageFolder } from './rows/image-folder.js'
import type { RowFile } from './rows/row-file.js'
import { isSuiteFile, readSuiteDefinition, type SuiteDefinition } from './suite-definition.js'

/** A suite's rows and how they are read, before any is. */
export interface OpenedSuite {
  readonly name: string
  readonly rows: RowFile
  /** SHA-256 of the data file; of several, of their checksums. */
  readonly sha256: string
  readonly origin: LocatedData['origin']
  /** What of the data as a whole a reader should know, such as what is left out. */
  readonly notices: readonly string[]
  /** Null for a file that belongs to no known suite. */
  readonly definition: SuiteDefinition | null
  readonly layout: Layout
  readonly settings: RowSettings
  /** Orientations in which each row is asked; null: as the rows are. */
  readonly transforms: readonly Transform[] | null
}

export interface OpenSuiteParameters {
  suite: string
  data?: string | undefined
  /** Orientations to ask each row in, made from its image, which must not have been transformed; default: those of the suite, else as the rows are. */
  transforms?: readonly Transform[] | undefined
  /** Of whatever the suite draws, such as the order of options. */
  seed?: number
  /** Where a run that is resumed had its rows from: a branch may name another commit by now. */
  earlier?: Origin | null | undefined
  signal?: AbortSignal | undefined
  onProgress?: ((progress: DownloadProgress) => void) | undefined
}

/**
 * Find the rows of a suite: a parquet, JSONL or TSV file, a suite's name, or a suite's YAML. `data` is a local file or folder to take instead of the suite's own source,
 * which is fetched where it is not on this machine.
 * @throws UsageError when there is no such suite or file, or the file is not what it must be; HubError when the rows cannot be fetched.
 */
export async function openSuite({
  suite,
  data,
  transforms,
  seed = 0,
  earlier,
  signal,
  onProgress,
}: OpenSuiteParameters): Promise<OpenedSuite> {
  const isFile = (ROW_FORMATS as readonly string[]).includes(extname(suite))
  const definition = isFile ? null : await readSuiteDefinition(suite)
  const name = definition?.name ?? basename(suite, extname(suite))
  const asked = orientationsOf({ definition, name, transforms })
  const { files, origin } =
    definition === null
      ? { files: [resolve(data ?? suite)], origin: null }
      : await locateData({
          definition,
          folder: isSuiteFile(suite) ? dirname(suite) : null,
          ...{ data, earlier, signal, onProgress },
        })
  const layout = LAYOUTS[definition?.rows ?? 'mvtoolbench']
  const { rows, sha256 } = await open({ definition, layout, files, seed: `${seed} ${name}` })
  const settings: RowSettings = { suite: name, seed, prompt: definition?.prompt ?? null }
  return {
    name,
    rows,
    sha256,
    origin,
    notices: rows.notices ?? [],
    definition,
    layout,
    settings,
    transforms: asked,
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
  layout,
  files,
  seed,
}: {
  definition: SuiteDefinition | null
  layout: Layout
  files: readonly string[]
  seed: string
}): Promise<Pick<OpenedSuite, 'rows' | 'sha256'>> {
  if (definition?.source.kind === 'folder') {
    const { count } = definition.source
    const folder = await openImageFolder({ path: files[0] ?? '', count, seed })
    return { rows: folder, sha256: await checksumOfAll(folder.files) }
  }
  const rows = await openRows({ files, layout })
  return { rows, sha256: await checksumOfAll(files) }
}
