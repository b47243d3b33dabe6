/** What was APPLIED to an image; rotations are counter-clockwise, as PIL's `Image.rotate(angle, expand=True)`. */
export const TRANSFORMS = [
  'none',
  'rotate_90',
  'rotate_180',
  'rotate_270',
  'flip_horizontal',
  'flip_vertical',
] as const

export type Transform = (typeof TRANSFORMS)[number]

/** Left, top, right, bottom in pixels of the image it belongs to; right and bottom exclusive. */
export type Box = readonly [left: number, top: number, right: number, bottom: number]
