import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { UsageError } from '../../core/errors.js'
import type { Split } from './splits.js'

export type RowFormat = 'parquet' | 'jsonl'

/** Names of what is built, all in one folder. */
export interface OutputPaths {
  /** Absolute. */
  folder: string
  format: RowFormat
  /** The rows of each split. */
  files: ReadonlyMap<string, string>
  /** Of JSON Lines, by split. */
  imageFolders: ReadonlyMap<string, string>
  sheet: string
  report: string
  /** Where everything is made before it is moved to its place. */
  staging: string
}

/**
 * Names for an output: `suite.parquet` stays what it is; with several splits `suite-train.parquet` and so on.
 * @throws UsageError when the name ends neither with .parquet nor with .jsonl.
 */
export function outputPaths({ output, splits }: { output: string; splits: readonly Split[] }): OutputPaths {
  const extension = extname(output)
  if (extension !== '.parquet' && extension !== '.jsonl')
    throw new UsageError(`--output: expected a file that ends with .parquet or .jsonl, got "${output}"`)
  const stem = basename(output, extension)
  const named = (split: string): string => (splits.length === 1 ? stem : `${stem}-${split}`)
  return {
    folder: dirname(resolve(output)),
    format: extension === '.parquet' ? 'parquet' : 'jsonl',
    files: new Map(splits.map(({ name }) => [name, `${named(name)}${extension}`])),
    imageFolders: new Map(splits.map(({ name }) => [name, `${named(name)}-images`])),
    sheet: `${stem}.sheet.html`,
    report: `${stem}.report.json`,
    staging: `.${basename(output)}.partial`,
  }
}

/** Names that would be written and are there already. */
export async function existingOutputs({
  folder,
  files,
  imageFolders,
  format,
  sheet,
  report,
}: OutputPaths): Promise<string[]> {
  const names = [...files.values(), ...(format === 'jsonl' ? imageFolders.values() : []), sheet, report]
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  const there = new Set(isFolder ? await readdir(folder) : [])
  return names.filter((name) => there.has(name)).map((name) => join(folder, name))
}
