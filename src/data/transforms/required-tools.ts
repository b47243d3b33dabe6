import type { Transform } from '../../core/transform.js'
import { inverseOf } from './inverse.js'

/** Tools a task needs, in the paper's order (section 4.1): what undoes the transformation first, `crop` last. */
export function requiredToolsFor({
  transform,
  needsCrop,
}: {
  transform: Transform
  needsCrop: boolean
}): string[] {
  return [...(transform === 'none' ? [] : [inverseOf(transform)]), ...(needsCrop ? ['crop'] : [])]
}
