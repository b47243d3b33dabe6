import { open } from 'node:fs/promises'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type FileMetaData } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { UsageError } from '../../core/errors.js'
import type { RawRow, RowFile } from './row-file.js'

const MAGIC = 'PAR1'
/** Columns without which a row is no question. */
const REQUIRED = ['prompt', 'images', 'reward_model', 'extra_info']

/**
 * Open a parquet file in the MVToolBench schema. One row group is held at a time; image bytes stay as they are.
 * @throws UsageError when it is not there, empty, truncated, not parquet, or lacks a column.
 */
export async function openParquet(path: string): Promise<RowFile> {
  await checkMagic(path)
  const file = await asyncBufferFromFile(path)
  const metadata = await parquetMetadataAsync(file).catch((cause: unknown) => {
    throw new UsageError(`${path}: its parquet footer cannot be read; the file is damaged, fetch it again`, {
      cause,
    })
  })
  checkColumns({ path, metadata })
  return {
    path,
    count: Number(metadata.num_rows),
    async *rows({ isWanted = () => true } = {}): AsyncGenerator<RawRow> {
      let rowStart = 0
      for (const group of metadata.row_groups) {
        const rowEnd = rowStart + Number(group.num_rows)
        const first = rowStart
        const wanted = Array.from({ length: rowEnd - first }, (_, at) => first + at).filter(isWanted)
        rowStart = rowEnd
        if (wanted.length === 0) continue
        const rows = await parquetReadObjects({
          file,
          metadata,
          compressors,
          utf8: false,
          rowStart: first,
          rowEnd,
        }).catch((cause: unknown) => {
          throw new UsageError(
            `${path}: rows ${first + 1} to ${rowEnd} cannot be read; the file is damaged, fetch it again`,
            { cause },
          )
        })
        for (const index of wanted) {
          const row: Record<string, unknown> | undefined = rows[index - first]
          if (row === undefined)
            throw new UsageError(`${path}: row ${index + 1} is missing; the file is damaged`)
          yield { index, where: `${path} row ${index + 1}`, row }
        }
      }
    },
  }
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

function checkColumns({ path, metadata }: { path: string; metadata: FileMetaData }): void {
  const columns = new Set(metadata.row_groups.flatMap(({ columns }) => columns.map(topLevelName)))
  if (columns.size === 0) throw new UsageError(`${path}: expected rows, got a parquet file without any`)
  const missing = REQUIRED.filter((name) => !columns.has(name))
  if (missing.length === 0) return
  throw new UsageError(
    `${path}: missing ${missing.map((name) => `column \`${name}\``).join(', ')}; expected the MVToolBench schema (${REQUIRED.join(', ')}), got ${[...columns].join(', ')}`,
  )
}

function topLevelName({ meta_data }: FileMetaData['row_groups'][number]['columns'][number]): string {
  return meta_data?.path_in_schema[0] ?? ''
}
