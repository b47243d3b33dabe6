const TAB = 0x09
const QUOTE = 0x22
const RETURN = 0x0d

/**
 * Cells of one row of tab-separated values, as bytes. A cell that begins with a quote ends at the next lone one; `""` inside of it is a quote.
 *
 * Not csv-parse: it reads every byte by itself and takes 1.2 s for a row whose image has 5.7 MB, which is 16 minutes for the largest suite; this takes
 * milliseconds, and agrees with it on every row of the tests.
 */
export function tsvCells(row: Buffer): Buffer[] {
  const cells: Buffer[] = []
  const end = row[row.length - 1] === RETURN ? row.length - 1 : row.length
  let at = 0
  for (;;) {
    const { cell, next } = row[at] === QUOTE ? quotedCell({ row, at, end }) : plainCell({ row, at, end })
    cells.push(cell)
    if (next > end) return cells
    at = next
  }
}

interface Position {
  row: Buffer
  at: number
  end: number
}

/** `next` lies behind the end where no further cell follows. */
function plainCell({ row, at, end }: Position): { cell: Buffer; next: number } {
  const tab = row.indexOf(TAB, at)
  const stop = tab === -1 || tab > end ? end : tab
  return { cell: row.subarray(at, stop), next: stop + 1 }
}

function quotedCell({ row, at, end }: Position): { cell: Buffer; next: number } {
  const pieces: Buffer[] = []
  let from = at + 1
  for (;;) {
    const quote = row.indexOf(QUOTE, from)
    if (quote === -1 || quote >= end) {
      pieces.push(row.subarray(from, end))
      return { cell: Buffer.concat(pieces), next: end + 1 }
    }
    if (row[quote + 1] === QUOTE && quote + 1 < end) {
      pieces.push(row.subarray(from, quote + 1))
      from = quote + 2
      continue
    }
    // What stands between the closing quote and the tab belongs to the cell.
    const { cell, next } = plainCell({ row, at: quote + 1, end })
    return { cell: Buffer.concat([...pieces, row.subarray(from, quote), cell]), next }
  }
}
