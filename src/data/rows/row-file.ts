import type { UsageError } from '../../core/errors.js'

/** One row as its file holds it, not checked yet. */
export interface RawRow {
  /** From 0. */
  index: number
  /** For error messages: file and row. */
  where: string
  row: Record<string, unknown>
  /** Its file, of several that are read as one, and its place there, from 0. */
  file?: string
  indexInFile?: number
}

/** Rows of a file that cannot be read, one or more that stand together. */
export interface UnreadableRows {
  /** From 0. */
  first: number
  /** Exclusive. */
  end: number
  /** Their file, of several that are read as one, and where they begin there, from 0. */
  file?: string
  firstInFile?: number
  /** For messages: file and rows. */
  where: string
  error: UsageError
}

/** A file of rows. Reading never holds the whole file. */
export interface RowFile {
  readonly path: string
  readonly count: number
  /** What of the file as a whole a reader should know, such as what is left out; absent: nothing. */
  readonly notices?: readonly string[]
  /**
   * The rows that are wanted (default: all), in order. Where `onUnreadable` is given, rows that cannot be read are told to it in their turn, and the others still come.
   * @throws UsageError naming file and row when a part of the file cannot be read and nobody is to be told.
   */
  rows(options?: RowsOptions): AsyncIterable<RawRow>
}

export interface RowsOptions {
  isWanted?: ((index: number) => boolean) | undefined
  onUnreadable?: ((rows: UnreadableRows) => void) | undefined
}

/** What it takes to open a file of rows. */
export interface OpenRows {
  path: string
  /** Columns without which a row is no question. */
  required: readonly string[]
  /** Name of the schema, for error messages. */
  schema: string
}
