import type { Orientation } from '../../core/orientation.js'

/** Only quarter turns are not their own inverse. */
const INVERSE = {
  none: 'none',
  rotate_90: 'rotate_270',
  rotate_180: 'rotate_180',
  rotate_270: 'rotate_90',
  flip_horizontal: 'flip_horizontal',
  flip_vertical: 'flip_vertical',
  transpose: 'transpose',
  transverse: 'transverse',
} as const satisfies Record<Orientation, Orientation>

/** What undoes an orientation; of a transformation it is a transformation again. */
export function inverseOf<Applied extends Orientation>(applied: Applied): (typeof INVERSE)[Applied] {
  return INVERSE[applied]
}
