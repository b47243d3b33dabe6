import { constants } from 'node:buffer'
import { totalmem } from 'node:os'
import type { AsyncBuffer, FileMetaData } from 'hyparquet'
import { UsageError } from '../../core/errors.js'
import type { PageLocation } from './parquet-pages.js'
import { parquetSlices, type ParquetSlice } from './parquet-slices.js'

const GIB = 2 ** 30
/** Row groups that take more are told. */
const NOTED_BYTES = GIB

type ColumnMetadata = NonNullable<FileMetaData['row_groups'][number]['columns'][number]['meta_data']>

/** What this process may use. */
interface Memory {
  bytes: number
  /** Longest buffer that the runtime makes. */
  longest: number
}

/**
 * What reading a file takes where its row groups are large: the bytes of what must be read together and, of compressed pages, of what they become. Measured within 60 MB of the process's
 * peak, for a page of 1 GB under Snappy, GZIP and Zstandard, and a dictionary of 0.5 GB.
 * @returns a sentence for each row group that takes more than 1 GiB.
 * @throws UsageError when one takes more than there is, with the command that rewrites the file.
 */
export async function checkParquetMemory({
  path,
  file,
  metadata,
  sliceBytes,
  memory = thisMemory(),
  notedBytes = NOTED_BYTES,
}: {
  path: string
  file: AsyncBuffer
  metadata: FileMetaData
  sliceBytes: number
  memory?: Memory
  notedBytes?: number
}): Promise<string[]> {
  const notices: string[] = []
  let next = 0
  for (const [groupIndex, group] of metadata.row_groups.entries()) {
    const rowStart = next
    next += Number(group.num_rows)
    const columns = group.columns.flatMap(({ meta_data: column }) => column ?? [])
    if (columns.reduce((sum, column) => sum + whole(column).held, 0) <= Math.min(notedBytes, memory.bytes))
      continue
    // What is damaged is told with its rows when they are read.
    const slices = await parquetSlices({ file, metadata, groupIndex, rowStart, sliceBytes }).catch(
      (): ParquetSlice[] => [],
    )
    if (slices.length === 0) continue
    const needs = slices.map((slice) => ({ slice, ...needOf({ slice, columns, rowStart }) }))
    const { slice, held, read } = needs.reduce((a, b) => (b.held > a.held ? b : a))
    const rows = `${path}: rows ${slice.rowStart + 1} to ${slice.rowEnd} can only be read together, which takes about ${gigabytes(held)} of memory`
    if (held > memory.bytes)
      throw new UsageError(`${rows}; there are ${gigabytes(memory.bytes)}. ${advice(path)}`)
    if (read > memory.longest)
      throw new UsageError(
        `${rows}, more than one buffer of Node.js can hold (${gigabytes(memory.longest)}). ${advice(path)}`,
      )
    if (held > notedBytes) notices.push(`${rows}. ${advice(path)}`)
  }
  return notices
}

function thisMemory(): Memory {
  const limit = process.constrainedMemory()
  return {
    bytes: limit > 0 ? Math.min(limit, totalmem()) : totalmem(),
    longest: constants.MAX_LENGTH,
  }
}

interface Need {
  held: number
  /** The largest part that is read at once. */
  read: number
}

function needOf({
  slice,
  columns,
  rowStart,
}: {
  slice: ParquetSlice
  columns: readonly ColumnMetadata[]
  rowStart: number
}): Need {
  const needs = columns.map((column): Need => {
    const pages = slice.pages[column.path_in_schema.join('.')]
    const { held, read } = whole(column)
    if (pages === undefined) return { held, read }
    const inSlice = bytesIn({ pages, first: slice.rowStart - rowStart, end: slice.rowEnd - rowStart })
    return { held: (held * inSlice) / read, read: inSlice }
  })
  return {
    held: needs.reduce((sum, { held }) => sum + held, 0),
    read: Math.max(...needs.map(({ read }) => read)),
  }
}

function whole({ codec, total_compressed_size, total_uncompressed_size }: ColumnMetadata): Need {
  const read = Number(total_compressed_size)
  return { read, held: codec === 'UNCOMPRESSED' ? read : read + Number(total_uncompressed_size) }
}

function bytesIn({
  pages,
  first,
  end,
}: {
  pages: readonly PageLocation[]
  first: number
  end: number
}): number {
  return pages.reduce((sum, { compressed_page_size, first_row_index }, at) => {
    const next = pages[at + 1]?.first_row_index
    const isOutside = Number(first_row_index) >= end || (next !== undefined && Number(next) <= first)
    return isOutside ? sum : sum + compressed_page_size
  }, 0)
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}

function advice(path: string): string {
  return `Row groups of fewer rows take less: python3 -c "import pyarrow.parquet as pq; pq.write_table(pq.read_table('${path}'), 'smaller.parquet', row_group_size=32)"; TSV and JSONL are read row by row.`
}
