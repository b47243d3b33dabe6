/** What is looked at, in the order in which the summary lists it. */
export const CHECKS = [
  'schema',
  'image',
  'box',
  'answer',
  'tools',
  'leak',
  'position',
  'duplicate',
  'near-duplicate',
] as const

export type CheckName = (typeof CHECKS)[number]

/** Where a row stands. */
export interface Place {
  /** The data file. */
  file: string
  /** From 1; of a suite that is drawn from a folder, its place in the draw. */
  row: number
  /** For a reader: file, and row or line. */
  where: string
}

/** Something wrong with a data set. */
export interface Finding {
  check: CheckName
  file: string
  /** From 1; null where it is no single row's. */
  row: number | null
  /** For a reader: file, and row or line. */
  where: string
  /** The column, or what was looked at. */
  what: string
  expected: string
  got: string
}
