import { type AsyncBuffer, type FileMetaData, type SchemaTree } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'

/** A data page of one column: where it stands in the file, header included, and its first row within the row group. */
export interface PageLocation {
  offset: bigint
  compressed_page_size: number
  first_row_index: bigint
}

type ColumnMetadata = NonNullable<FileMetaData['row_groups'][number]['columns'][number]['meta_data']>

/** Enough for the header of a page; one with long statistics is read again with more. */
const HEADER_BYTES = 1 << 14
const LONGEST_HEADER_BYTES = 1 << 24

/**
 * Where the data pages of a column stand, told from their headers alone: writers seldom store an index of them, and without one a reader takes the whole
 * column of a row group into memory.
 * @returns null where the headers do not tell the rows (repeated columns), or where pages refer to a dictionary, which every slice would read anew.
 */
export async function pageLocations({
  file,
  schema,
  column,
}: {
  file: AsyncBuffer
  schema: SchemaTree
  column: ColumnMetadata
}): Promise<PageLocation[] | null> {
  if (column.dictionary_page_offset !== undefined || isRepeated({ schema, path: column.path_in_schema }))
    return null
  const pages: PageLocation[] = []
  let offset = Number(column.data_page_offset)
  const end = offset + Number(column.total_compressed_size)
  let row = 0
  while (offset < end) {
    const { header, length } = await readHeader({ file, offset, end })
    if (header.type === 'DICTIONARY_PAGE') return null
    const size = length + header.compressed_page_size
    const rows = header.data_page_header?.num_values ?? header.data_page_header_v2?.num_rows
    if (rows !== undefined) {
      pages.push({ offset: BigInt(offset), compressed_page_size: size, first_row_index: BigInt(row) })
      row += rows
    }
    offset += size
  }
  return pages
}

async function readHeader({
  file,
  offset,
  end,
}: {
  file: AsyncBuffer
  offset: number
  end: number
}): Promise<{ header: ReturnType<typeof parquetHeader>; length: number }> {
  for (let bytes = HEADER_BYTES; ; bytes *= 32) {
    const reader = { view: new DataView(await file.slice(offset, Math.min(end, offset + bytes))), offset: 0 }
    try {
      return { header: parquetHeader(reader), length: reader.offset }
    } catch (cause) {
      // The header goes on behind what was read.
      if (!(cause instanceof RangeError) || bytes >= LONGEST_HEADER_BYTES || offset + bytes >= end)
        throw cause
    }
  }
}

function isRepeated({ schema, path }: { schema: SchemaTree; path: readonly string[] }): boolean {
  let node: SchemaTree | undefined = schema
  for (const name of path) {
    node = node.children.find(({ element }) => element.name === name)
    if (node === undefined || node.element.repetition_type === 'REPEATED') return true
  }
  return false
}
