import { open } from 'node:fs/promises'
import { parquetMetadataAsync, parquetReadObjects, type FileMetaData } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { UsageError } from '../../core/errors.js'
import { parquetBuffer } from './parquet-buffer.js'
import { checkParquetMemory } from './parquet-memory.js'
import { parquetSlices } from './parquet-slices.js'
import { requireColumns } from './require-columns.js'
import type { OpenRows, RawRow, RowFile } from './row-file.js'
import { tellUnreadable } from './tell-unreadable.js'

const MAGIC = 'PAR1'
/** Bytes of a row group that are read together, where it can be parted. */
const SLICE_BYTES = 64 * 2 ** 20
/** Without the one for Snappy, which copies each page into WebAssembly and back: a row group of 1 GB took 27 s and 5.9 GB of memory with it, and 5 s and 3.0 GB without. */
const COMPRESSORS = Object.fromEntries(Object.entries(compressors).filter(([codec]) => codec !== 'SNAPPY'))

/**
 * Open a parquet file. One row group is held at a time, of a large one a slice (see {@link parquetSlices}); image bytes stay as they are.
 * @throws UsageError when it is not there, empty, truncated, not parquet, lacks a column, or has a row group that takes more memory than there is.
 */
export async function openParquet({
  path,
  required,
  schema,
  sliceBytes = SLICE_BYTES,
}: OpenRows & { sliceBytes?: number }): Promise<RowFile> {
  await checkMagic(path)
  const file = await parquetBuffer(path)
  const metadata = await parquetMetadataAsync(file).catch((cause: unknown) => {
    throw new UsageError(`${path}: its parquet footer cannot be read; the file is damaged, fetch it again`, {
      cause,
    })
  })
  const found = new Set(metadata.row_groups.flatMap(({ columns }) => columns.map(topLevelName)))
  if (found.size === 0) throw new UsageError(`${path}: expected rows, got a parquet file without any`)
  requireColumns({ path, required, schema, found })
  const notices = await checkParquetMemory({ path, file, metadata, sliceBytes })
  return {
    path,
    notices,
    count: Number(metadata.num_rows),
    async *rows({ isWanted = () => true, onUnreadable } = {}): AsyncGenerator<RawRow> {
      let next = 0
      for (const [groupIndex, group] of metadata.row_groups.entries()) {
        const first = next
        next += Number(group.num_rows)
        if (wantedIn({ first, end: next, isWanted }).length === 0) continue
        const damaged =
          (from: number, to: number) =>
          (error: unknown): null => {
            const rows = `rows ${from + 1} to ${to}`
            const cause = new UsageError(
              `${path}: ${rows} cannot be read; the file is damaged, fetch it again`,
              {
                cause: error,
              },
            )
            const where = `${path} ${rows}`
            tellUnreadable({ cause, first: from, end: to, where, onUnreadable })
            return null
          }
        const slices = await parquetSlices({ file, metadata, groupIndex, rowStart: first, sliceBytes }).catch(
          damaged(first, next),
        )
        if (slices === null) continue
        for (const { rowStart, rowEnd, pages } of slices) {
          const wanted = wantedIn({ first: rowStart, end: rowEnd, isWanted })
          if (wanted.length === 0) continue
          const request = {
            file,
            metadata,
            compressors: COMPRESSORS,
            utf8: false,
            rowStart,
            rowEnd,
            // What the reader would find out itself from an index of pages, had the file one.
            pageLocationsByGroup: metadata.row_groups.map((_, at) => (at === groupIndex ? pages : {})),
          }
          const rows = await parquetReadObjects(request).catch(damaged(rowStart, rowEnd))
          if (rows === null) continue
          for (const index of wanted) {
            const where = `${path} row ${index + 1}`
            const row: Record<string, unknown> | undefined = rows[index - rowStart]
            if (row === undefined) {
              const cause = new UsageError(`${where}: it is missing; the file is damaged`)
              tellUnreadable({ cause, first: index, end: index + 1, where, onUnreadable })
              continue
            }
            yield { index, where, row }
          }
        }
      }
    },
  }
}

function wantedIn({
  first,
  end,
  isWanted,
}: {
  first: number
  end: number
  isWanted: (index: number) => boolean
}): number[] {
  return Array.from({ length: end - first }, (_, at) => first + at).filter(isWanted)
}

async function checkMagic(path: string): Promise<void> {
  const handle = await open(path).catch((cause: unknown) => {
    throw new UsageError(`${path}: expected a parquet file that can be read; ${String(cause)}`, { cause })
  })
  try {
    const { size } = await handle.stat()
    if (size === 0) throw new UsageError(`${path}: expected a parquet file, got an empty file`)
    const read = async (position: number): Promise<string> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, position)
      return buffer.toString('latin1', 0, bytesRead)
    }
    const [head, tail] = [await read(0), await read(Math.max(0, size - 4))]
    if (head !== MAGIC) {
      throw new UsageError(
        `${path}: expected a parquet file (its first bytes are ${MAGIC}), got something else`,
      )
    }
    if (tail !== MAGIC || size < 12) {
      throw new UsageError(`${path}: the parquet file is cut off after ${size} bytes; fetch it again`)
    }
  } finally {
    await handle.close()
  }
}

function topLevelName({ meta_data }: FileMetaData['row_groups'][number]['columns'][number]): string {
  return meta_data?.path_in_schema[0] ?? ''
}
