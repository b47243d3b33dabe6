/** Where two images are looked at to compare what they show: a grid of cells over the result, and a few samples in each. */
export interface SampleGrid {
  columns: number
  rows: number
  /** Positions along each side, in ascending order. */
  xs: Int32Array
  ys: Int32Array
  /** The column or row of cells that each position belongs to. */
  columnOf: Int32Array
  rowOf: Int32Array
}

interface Density {
  /** Cells along each side, at most. */
  cells: number
  /** Samples along each side of a cell, at most. */
  taps: number
}

export function sampleGrid({
  width,
  height,
  cells,
  taps,
}: { width: number; height: number } & Density): SampleGrid {
  const across = layOut(width, { cells, taps })
  const down = layOut(height, { cells, taps })
  return {
    columns: across.cells,
    rows: down.cells,
    xs: across.positions,
    ys: down.positions,
    columnOf: across.cellOf,
    rowOf: down.cellOf,
  }
}

function layOut(
  length: number,
  { cells: most, taps: mostTaps }: Density,
): { cells: number; positions: Int32Array; cellOf: Int32Array } {
  const cells = Math.min(most, length)
  const taps = Math.min(mostTaps, Math.floor(length / cells))
  const index = Int32Array.from({ length: cells * taps }, (_, position) => position)
  return {
    cells,
    positions: index.map((position) => Math.floor(((position + 0.5) * length) / (cells * taps))),
    cellOf: index.map((position) => Math.floor(position / taps)),
  }
}
