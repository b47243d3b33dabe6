import { parquetSchema, type AsyncBuffer, type FileMetaData } from 'hyparquet'
import { pageLocations, type PageLocation } from './parquet-pages.js'

/** Rows of one row group that are read together; `pages` says where the pages of its large columns stand, by the column's path. */
export interface ParquetSlice {
  /** In the file, from 0; the end is exclusive. */
  rowStart: number
  rowEnd: number
  pages: Record<string, PageLocation[]>
}

/**
 * Parts of a row group that can be read one after the other. A group of up to `sliceBytes` is one part. A larger one is cut at pages of its largest column;
 * where that column is repeated (a list of images) or has a dictionary, the group can only be read as a whole.
 */
export async function parquetSlices({
  file,
  metadata,
  groupIndex,
  rowStart,
  sliceBytes,
}: {
  file: AsyncBuffer
  metadata: FileMetaData
  groupIndex: number
  /** First row of the group in the file. */
  rowStart: number
  /** Bytes of the file that may be held at once, as far as its pages allow. */
  sliceBytes: number
}): Promise<ParquetSlice[]> {
  const group = metadata.row_groups[groupIndex]
  if (group === undefined) return []
  const rowEnd = rowStart + Number(group.num_rows)
  const columns = group.columns
    .flatMap(({ meta_data: column }) => column ?? [])
    .sort((a, b) => Number(b.total_compressed_size - a.total_compressed_size))
  const bytes = columns.reduce((sum, column) => sum + Number(column.total_compressed_size), 0)
  const whole: ParquetSlice = { rowStart, rowEnd, pages: {} }
  if (bytes <= sliceBytes) return [whole]
  const schema = parquetSchema(metadata)
  const pages: Record<string, PageLocation[]> = {}
  let largest: PageLocation[] | undefined
  for (const column of columns) {
    if (Number(column.total_compressed_size) * columns.length <= sliceBytes) continue
    const located = await pageLocations({ file, schema, column })
    largest ??= located ?? []
    if (located !== null) pages[column.path_in_schema.join('.')] = located
  }
  const cuts = cutsOf({ pages: largest ?? [], sliceBytes }).map((row) => rowStart + row)
  const starts = [rowStart, ...cuts]
  return starts.map((start, at) => ({ rowStart: start, rowEnd: starts[at + 1] ?? rowEnd, pages }))
}

/** First rows of the slices behind the first one, within the group. */
function cutsOf({ pages, sliceBytes }: { pages: readonly PageLocation[]; sliceBytes: number }): number[] {
  const cuts: number[] = []
  let held = 0
  let start = 0
  for (const { compressed_page_size: size, first_row_index: first } of pages) {
    if (held > 0 && held + size > sliceBytes && Number(first) > start) {
      start = Number(first)
      cuts.push(start)
      held = 0
    }
    held += size
  }
  return cuts
}
