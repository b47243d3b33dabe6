import type { Box } from '../../core/transform.js'
import { BOARD_GRID, BOARD_SIDE } from '../../data/card-board/board-layout.js'

/** Pixels by which a loose window goes beyond its card on each side. */
const LOOSER_BY = BOARD_GRID

/**
 * A window around a card with as much more on each side, moved to lie on the board. The card has one such window: so tight or loose is one choice, and where the card is stays known.
 * @param card on the board's grid
 */
export function looseWindow([x1, y1, x2, y2]: Box): Box {
  const side = (low: number, high: number): [number, number] => {
    const length = high - low + 2 * LOOSER_BY
    const from = Math.min(Math.max(low - LOOSER_BY, 0), BOARD_SIDE - length)
    return [from, from + length]
  }
  const [[left, right], [top, bottom]] = [side(x1, x2), side(y1, y2)]
  return [left, top, right, bottom]
}
