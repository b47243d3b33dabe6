/** A number for each token of some sequences: [sequences][tokens]. Rows may differ in length. */
export type TokenRows = readonly ArrayLike<number>[]

/** Numbers of each row, made of those of `rows` and of where they stand. */
export function mapRows(
  rows: TokenRows,
  compute: (value: number, row: number, column: number) => number,
): Float64Array[] {
  return rows.map((values, row) => Float64Array.from(values, (value, column) => compute(value, row, column)))
}

/** One number of a matrix whose shape was checked before. @throws RangeError where there is none. */
export function at(rows: TokenRows, row: number, column: number): number {
  const value = rows[row]?.[column]
  if (value === undefined) throw new RangeError(`expected a number in row ${row}, column ${column}, got none`)
  return value
}
