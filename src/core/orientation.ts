/**
 * The eight ways in which the pixels of an image can lie: the symmetries of a rectangle's grid (dihedral group of order 8). Six of them are transformations of the
 * paper; the diagonal ones only come of several, one after the other. Named as PIL names them (`Image.Transpose`), rotations counter-clockwise.
 */
export const ORIENTATIONS = [
  'none',
  'rotate_90',
  'rotate_180',
  'rotate_270',
  'flip_horizontal',
  'flip_vertical',
  /** Mirrored in the diagonal from the upper left corner. */
  'transpose',
  /** Mirrored in the diagonal from the upper right corner. */
  'transverse',
] as const

export type Orientation = (typeof ORIENTATIONS)[number]
