import type { Family } from '../mini-world/vocabulary.js'

/** Side of a board, in pixels. */
export const BOARD_SIDE = 512
/** Boxes of cards have their corners on multiples of this, in pixels. */
export const BOARD_GRID = 32

/** Where cards may stand, in pixels of the upright board. */
export interface BoardLayout {
  readonly columns: number
  readonly rows: number
  /** Upper edge of the first row of cells; the banner is above. */
  readonly top: number
  readonly cell: { readonly width: number; readonly height: number }
  readonly card: { readonly width: number; readonly height: number }
  /** How far a number may stand from the middle of its card, either way. */
  readonly shift: { readonly x: number; readonly y: number }
}

export const BOARD_LAYOUTS: Readonly<Record<Family, BoardLayout>> = {
  read: {
    columns: 2,
    rows: 2,
    top: 64,
    cell: { width: 256, height: 192 },
    card: { width: 192, height: 160 },
    shift: { x: 16, y: 12 },
  },
  find: {
    columns: 4,
    rows: 4,
    top: 64,
    cell: { width: 128, height: 96 },
    card: { width: 64, height: 64 },
    shift: { x: 6, y: 6 },
  },
}

/** The banner, which tells which way is up, reaches from the upper edge to here. */
export const BANNER_HEIGHT = 48
