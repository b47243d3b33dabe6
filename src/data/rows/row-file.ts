/** One row as its file holds it, not checked yet. */
export interface RawRow {
  /** From 0. */
  index: number
  /** For error messages: file and row. */
  where: string
  row: Record<string, unknown>
  /** Its file, of several that are read as one. */
  file?: string
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

/** What it takes to open a file of rows. */
export interface OpenRows {
  path: string
  /** Columns without which a row is no question. */
  required: readonly string[]
  /** Name of the schema, for error messages. */
  schema: string
}
