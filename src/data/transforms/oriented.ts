import type { Sharp } from 'sharp'
import { mirrorAndTurns } from './mirror-and-turns.js'
import type { Orientation } from '../../core/orientation.js'

/** Have a pipeline bring its image into an orientation; only the places of pixels change. The library mirrors before it rotates, and rotates clockwise. */
export function oriented(pipeline: Sharp, orientation: Orientation): Sharp {
  const { isMirrored, turns } = mirrorAndTurns(orientation)
  const mirrored = isMirrored ? pipeline.flop() : pipeline
  return turns === 0 ? mirrored : mirrored.rotate(360 - turns * 90)
}
