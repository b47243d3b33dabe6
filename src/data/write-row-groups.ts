import { rename, rm } from 'node:fs/promises'
import { fileWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer'
import { errorCode } from '../core/error-code.js'
import { StoreError } from '../core/errors.js'

/** Bytes of images in a row group beyond which the next one begins; a reader must hold a group of image lists as a whole. */
const GROUP_BYTES = 32 * 2 ** 20

export interface GroupedRow {
  /** By column. */
  cells: Record<string, unknown>
  /** Of its images. */
  bytes: number
}

/**
 * Write rows as parquet. The file appears whole or not at all, and the same rows give the same bytes. One row group is held at a time: of `groupRows` rows, of fewer where images
 * are large.
 * @throws whatever `rows` throws; StoreError where the file cannot be written (disk full, not writable). Nothing is left behind then.
 */
export async function writeRowGroups({
  path,
  rows,
  columns,
  groupRows,
  groupBytes = GROUP_BYTES,
}: {
  path: string
  rows: AsyncIterable<GroupedRow>
  /** Schema elements of each column; `images` are files that were compressed already. */
  columns: ReadonlyMap<string, readonly SchemaElement[]>
  groupRows: number
  groupBytes?: number
}): Promise<void> {
  const partial = `${path}.partial`
  const schema = [{ name: 'schema', num_children: columns.size }, ...[...columns.values()].flat()]
  try {
    const writer = await stored(path, () => new ParquetWriter({ writer: fileWriter(partial), schema }))
    let group: GroupedRow[] = []
    let bytes = 0
    const write = async (): Promise<void> => {
      const columnData = [...columns.keys()].map((name) => ({
        name,
        data: group.map(({ cells }) => cells[name]),
        ...(name === 'images' && COMPRESSED),
      }))
      await stored(path, () => writer.write({ columnData, rowGroupSize: group.length }))
      group = []
      bytes = 0
    }
    for await (const row of rows) {
      if (group.length > 0 && bytes + row.bytes > groupBytes) await write()
      group.push(row)
      bytes += row.bytes
      if (group.length >= groupRows) await write()
    }
    // A file without rows has a group without rows, which tells its columns.
    if (group.length > 0 || writer.row_groups.length === 0) await write()
    await stored(path, async () => {
      await writer.finish()
      await rename(partial, path)
    })
  } finally {
    await rm(partial, { force: true })
  }
}

/** What the system refused is told with the file that was to be written; what is wrong with a row stays what it is. */
async function stored<Result>(path: string, write: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await write()
  } catch (cause) {
    if (errorCode(cause) === null) throw cause
    throw new StoreError(
      `${path} could not be written: ${String(cause)}; free space or permissions, then give the command again`,
      { cause },
    )
  }
}

/** Compressing image files again takes time and saves nothing; smallest and largest of them are of no use. */
const COMPRESSED = { codec: 'UNCOMPRESSED', statistics: false } as const
