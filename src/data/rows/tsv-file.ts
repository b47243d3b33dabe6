import { UsageError } from '../../core/errors.js'
import { readPlaces } from './read-places.js'
import { requireColumns } from './require-columns.js'
import type { OpenRows, RawRow, RowFile } from './row-file.js'
import { rowPlaces } from './row-places.js'
import { tellUnreadable } from './tell-unreadable.js'
import { tsvCells } from './tsv-cells.js'

/** A byte order mark in UTF-8. */
const MARK = Buffer.from('\u{feff}')
/** Cells that hold images as base64 stay bytes: a text of several megabytes is never made of them. */
const IMAGE_COLUMN = 'image'

/**
 * Open a file of tab-separated values whose first row names the columns. One row is held at a time, and any row is reached at once, by its place.
 * Cells are texts, empty ones null (as data frames write what is missing); `image` stays bytes, base64 as in the file.
 * @throws UsageError when it is not there, holds no row, is cut off inside of a cell, or lacks a column.
 */
export async function openTsv({ path, required, schema }: OpenRows): Promise<RowFile> {
  const places = await rowPlaces({ path, format: 'tsv' })
  let header: string[] = []
  for await (const { bytes } of readPlaces({ path, places: places.slice(0, 1), isWanted: () => true }))
    header = tsvCells(withoutMark(bytes)).map((cell) => cell.toString('utf8').trim())
  if (places.length < 2)
    throw new UsageError(`${path}: expected a row of column names and rows below it, got an empty file`)
  requireColumns({ path, required, schema, found: new Set(header) })
  const rows = places.slice(1)
  return {
    path,
    count: rows.length,
    async *rows({ isWanted = () => true, onUnreadable } = {}): AsyncGenerator<RawRow> {
      for await (const { index, place, bytes } of readPlaces({ path, places: rows, isWanted })) {
        const where = `${path} line ${place.line}`
        const cells = tsvCells(bytes)
        if (cells.length !== header.length) {
          const cause = new UsageError(
            `${where}: expected ${header.length} cells (${header.join(', ')}), got ${cells.length}`,
          )
          tellUnreadable({ cause, first: index, end: index + 1, where, onUnreadable })
          continue
        }
        yield {
          index,
          where,
          row: Object.fromEntries(header.map((name, at) => [name, valueOf({ name, cell: cells[at] })])),
        }
      }
    },
  }
}

/** Before the cells are parted: behind the mark, a quote would not open one. */
function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, MARK.length).equals(MARK) ? bytes.subarray(MARK.length) : bytes
}

function valueOf({ name, cell }: { name: string; cell: Buffer | undefined }): unknown {
  if (cell === undefined || cell.length === 0) return null
  return name === IMAGE_COLUMN ? cell : cell.toString('utf8')
}
