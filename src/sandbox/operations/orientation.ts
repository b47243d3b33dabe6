import { ORIENTATIONS, type Orientation } from '../../core/orientation.js'
import type { Affine, Size } from './affine.js'

/** Directions in the input of the result's rows and columns: a, b, d, e of an affine map. */
const DIRECTIONS: Readonly<Record<Orientation, readonly [number, number, number, number]>> = {
  none: [1, 0, 0, 1],
  rotate_90: [0, -1, 1, 0],
  rotate_180: [-1, 0, 0, -1],
  rotate_270: [0, 1, -1, 0],
  flip_horizontal: [-1, 0, 0, 1],
  flip_vertical: [1, 0, 0, -1],
  transpose: [0, 1, 1, 0],
  transverse: [0, -1, -1, 0],
}

/** A rotation this close to a right angle counts as one, as in the reading of source text. */
const TOLERANCE = Math.cos((5 * Math.PI) / 180) - 1e-9

/** Which orientation a map has; null for a rotation by another angle, a shear, or a map onto a line. */
export function orientationOf([a, b, , d, e]: Affine): Orientation | null {
  const across = Math.hypot(a, d)
  const down = Math.hypot(b, e)
  if (across === 0 || down === 0) return null
  for (const orientation of ORIENTATIONS) {
    const [p, q, r, s] = DIRECTIONS[orientation]
    if ((a * p + d * r) / across >= TOLERANCE && (b * q + e * s) / down >= TOLERANCE) return orientation
  }
  return null
}

/** Whether rows become columns. */
export function swapsSides(orientation: Orientation): boolean {
  return DIRECTIONS[orientation][0] === 0
}

/** The map of an orientation that was applied to an image of this size. */
export function orientationMap(orientation: Orientation, { width, height }: Size): Affine {
  const [a, b, d, e] = DIRECTIONS[orientation]
  return [a, b, a + b < 0 ? width : 0, d, e, d + e < 0 ? height : 0]
}

/** What two orientations do one after the other. */
export function then(first: Orientation, second: Orientation): Orientation {
  const [a, b, d, e] = DIRECTIONS[first]
  const [p, q, r, s] = DIRECTIONS[second]
  const both = [a * p + b * r, a * q + b * s, d * p + e * r, d * q + e * s]
  const found = ORIENTATIONS.find((name) => DIRECTIONS[name].every((value, index) => value === both[index]))
  // The eight are closed under composition.
  return found ?? 'none'
}
