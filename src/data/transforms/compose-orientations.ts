import { mirrorAndTurns } from './mirror-and-turns.js'
import { ORIENTATIONS, type Orientation } from '../../core/orientation.js'

/** What a sequence of orientations, applied one after the other, comes down to; of none, `none`. */
export function composeOrientations(sequence: readonly Orientation[]): Orientation {
  return sequence.reduce(thenApply, 'none')
}

/** A mirror behind turns is the same as a mirror before turns the other way round. */
function thenApply(first: Orientation, second: Orientation): Orientation {
  const [before, after] = [mirrorAndTurns(first), mirrorAndTurns(second)]
  const isMirrored = before.isMirrored !== after.isMirrored
  const turns = (after.turns + (after.isMirrored ? 4 - before.turns : before.turns)) % 4
  const found = ORIENTATIONS.find((orientation) => {
    const steps = mirrorAndTurns(orientation)
    return steps.isMirrored === isMirrored && steps.turns === turns
  })
  if (found === undefined) throw new RangeError(`Expected 0 to 3 quarter turns, got ${turns}.`)
  return found
}
