/** One row as its file holds it, not checked yet. */
export interface RawRow {
  /** From 0. */
  index: number
  /** For error messages: file and row. */
  where: string
  row: Record<string, unknown>
}

/** A file of rows. Reading never holds the whole file. */
export interface RowFile {
  readonly path: string
  readonly count: number
  /**
   * The rows that are wanted (default: all), in order.
   * @throws UsageError naming file and row when a part of the file cannot be read.
   */
  rows(options?: { isWanted?: (index: number) => boolean }): AsyncIterable<RawRow>
}
