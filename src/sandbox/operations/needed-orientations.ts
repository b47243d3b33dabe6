import type { Orientation } from '../../core/orientation.js'
import { then } from './orientation.js'

/** With more steps than this nobody turns an image. */
const MOST_STEPS = 10

/**
 * Which of several orientation steps, in order, it takes to get what all of them do together: the fewest whose product is the same. The pixels can bear witness
 * to those only; a rotation and the one that takes it back leave no trace. Empty where there are too many to tell.
 */
export function neededOrientations(steps: readonly Orientation[]): ReadonlySet<number> {
  if (steps.length > MOST_STEPS) return new Set()
  const goal = productOf(steps)
  let best: number[] | undefined
  for (let subset = 0; subset < 2 ** steps.length; subset += 1) {
    const chosen = steps.map((_, index) => index).filter((index) => (subset >> index) & 1)
    if (best && chosen.length >= best.length) continue
    if (productOf(chosen.map((index) => steps[index] ?? 'none')) === goal) best = chosen
  }
  return new Set(best)
}

function productOf(steps: readonly Orientation[]): Orientation {
  return steps.reduce<Orientation>(then, 'none')
}
