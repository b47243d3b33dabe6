import { createHash } from 'node:crypto'
import { fileChecksum } from './cache/file-checksum.js'
import type { Layout } from './layouts/layout.js'
import { formatOf } from './locate-data.js'
import { joinRows } from './rows/joined-rows.js'
import { openJsonl } from './rows/jsonl-file.js'
import { openParquet } from './rows/parquet-file.js'
import type { RowFile } from './rows/row-file.js'
import { openTsv } from './rows/tsv-file.js'

/**
 * Open files of rows as one.
 * @throws UsageError when one is not there, not what it must be, or lacks a column.
 */
export async function openRows({
  files,
  layout,
}: {
  files: readonly string[]
  layout: Layout
}): Promise<RowFile> {
  const opened: RowFile[] = []
  for (const path of files) opened.push(await openOne({ path, layout }))
  return joinRows(opened)
}

async function openOne({ path, layout }: { path: string; layout: Layout }): Promise<RowFile> {
  switch (formatOf(path)) {
    case '.parquet':
      return openParquet({ path, required: layout.required.parquet, schema: layout.schema })
    case '.tsv':
      return openTsv({ path, required: layout.required.tsv, schema: layout.schema })
    case '.jsonl':
      return openJsonl({ path })
  }
}

/** SHA-256 of a file; of several, of their checksums in order. */
export async function checksumOfAll(files: readonly string[]): Promise<string> {
  const checksums: string[] = []
  for (const path of files) checksums.push(await fileChecksum(path))
  const [only] = checksums
  if (only !== undefined && checksums.length === 1) return only
  return createHash('sha256').update(checksums.join('\n')).digest('hex')
}
