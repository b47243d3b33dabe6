import { mirrorAndTurns } from './mirror-and-turns.js'
import type { Orientation } from '../../core/orientation.js'

/** In pixels. */
export interface Size {
  width: number
  height: number
}

/** Size of an image after a transformation. */
export function transformedSize({ width, height, transform }: Size & { transform: Orientation }): Size {
  const isTurned = mirrorAndTurns(transform).turns % 2 === 1
  return isTurned ? { width: height, height: width } : { width, height }
}
