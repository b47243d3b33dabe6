import type { Transform } from '../core/transform.js'

const INVERSE: Readonly<Record<Transform, Transform>> = {
  none: 'none',
  rotate_90: 'rotate_270',
  rotate_180: 'rotate_180',
  rotate_270: 'rotate_90',
  flip_horizontal: 'flip_horizontal',
  flip_vertical: 'flip_vertical',
}

/** What undoes a transformation. */
export function inverseOf(transform: Transform): Transform {
  return INVERSE[transform]
}

/** Tools a task needs, in the paper's order: what undoes the transformation first, `crop` last. */
export function requiredToolsFor({
  transform,
  needsCrop,
}: {
  transform: Transform
  needsCrop: boolean
}): string[] {
  return [...(transform === 'none' ? [] : [inverseOf(transform)]), ...(needsCrop ? ['crop'] : [])]
}
