import type { Family } from '../mini-world/vocabulary.js'

/** Side of a board, in pixels. */
export const BOARD_SIDE = 512
/** Boxes of cards have their corners on multiples of this, in pixels: what a patch of 16 pixels covers in a view of 128 × 128. */
export const BOARD_GRID = 64

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

/** Cells are as large as what a visual token covers in a view of 128 × 128 pixels, or as two of them, and stand where tokens do; so a small card is seen by one token, whichever way the board is turned. */
export const BOARD_LAYOUTS: Readonly<Record<Family, BoardLayout>> = {
  read: {
    columns: 2,
    rows: 3,
    top: 128,
    cell: { width: 256, height: 128 },
    card: { width: 192, height: 128 },
    shift: { x: 16, y: 10 },
  },
  find: {
    columns: 4,
    rows: 3,
    top: 128,
    cell: { width: 128, height: 128 },
    card: { width: 64, height: 64 },
    shift: { x: 6, y: 6 },
  },
}

/** The banner, which tells which way is up, reaches from the upper edge to here. */
export const BANNER_HEIGHT = 96
