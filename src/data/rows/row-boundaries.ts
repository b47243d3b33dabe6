const NEWLINE = 0x0a
const TAB = 0x09
const QUOTE = 0x22

/** Finds where rows end in a stream of bytes. */
export interface BoundaryScanner {
  /** @returns offsets in the chunk just behind each newline that ends a row. */
  push(chunk: Buffer): number[]
  /** Whether the stream may end here: no quoted cell is open. */
  isComplete(): boolean
}

/** Every newline ends a row: JSON Lines. */
export function lineScanner(): BoundaryScanner {
  return {
    push(chunk) {
      const ends: number[] = []
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) ends.push(at + 1)
      return ends
    },
    isComplete: () => true,
  }
}

/**
 * A newline inside of a quoted cell does not end a row: tab-separated values as spreadsheets and data frames write them. A quote opens a
 * quoted cell only where the cell begins, `""` inside of it is a quote.
 */
export function tsvScanner(): BoundaryScanner {
  let isQuoted = false
  /** The last byte of the chunk before was a quote inside of a quoted cell: the next one says whether it closed the cell. */
  let isPending = false
  let before = NEWLINE

  return {
    push(chunk) {
      const ends: number[] = []
      let at = 0
      if (isPending) {
        isPending = false
        if (chunk[0] === QUOTE) at = 1
        else isQuoted = false
      }
      let newline = -2
      let quote = -2
      while (at < chunk.length) {
        if (quote < at && quote !== -1) quote = chunk.indexOf(QUOTE, at)
        if (isQuoted) {
          if (quote === -1) break
          at = quote + 1
          if (chunk[at] === QUOTE) at++
          else if (at === chunk.length) isPending = true
          else isQuoted = false
          continue
        }
        if (newline < at && newline !== -1) newline = chunk.indexOf(NEWLINE, at)
        if (quote !== -1 && (newline === -1 || quote < newline)) {
          const previous = quote === 0 ? before : chunk[quote - 1]
          if (previous === TAB || previous === NEWLINE) isQuoted = true
          at = quote + 1
        } else if (newline === -1) break
        else {
          at = newline + 1
          ends.push(at)
        }
      }
      before = chunk[chunk.length - 1] ?? before
      return ends
    },
    isComplete: () => !isQuoted || isPending,
  }
}
