import type { Box } from '../../core/transform.js'
import { BOARD_GRID, BOARD_SIDE } from '../../data/card-board/board-layout.js'
import type { Random } from '../../data/demo/random.js'

/** Pixels by which the side of a loose window is larger than that of its card. */
export const LOOSER_BY = [BOARD_GRID, 2 * BOARD_GRID] as const

/** A window of the board around a card: larger than it, with the card anywhere in it. @param card x1, y1, x2, y2 on the board's grid */
export function looseWindow({ card: [x1, y1, x2, y2], random }: { card: Box; random: Random }): Box {
  const more = random.pick(LOOSER_BY)
  const side = (low: number, high: number): [number, number] => {
    const before = random.integer(0, more / BOARD_GRID) * BOARD_GRID
    const from = Math.min(Math.max(low - before, 0), BOARD_SIDE - (high - low + more))
    return [from, from + high - low + more]
  }
  const [[left, right], [top, bottom]] = [side(x1, x2), side(y1, y2)]
  return [left, top, right, bottom]
}
