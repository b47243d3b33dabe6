import { TRANSFORMS, type Transform } from '../../core/transform.js'
import type { QuestionKind } from './question-kind.js'

/** The five transformations of the paper; `none` is not asked. */
export const APPLIED_TRANSFORMS = TRANSFORMS.filter((transform) => transform !== 'none')

/** What one row is to ask, and what is to be done to its image. */
export interface Slot {
  kind: QuestionKind
  transform: Transform
}

/**
 * The slots of a suite: whatever the number of rows, transformations differ by at most one in number, and so do kinds; every so many rows
 * (kinds × 5) each pair stands once.
 */
export function slotsFor({ rows, kinds }: { rows: number; kinds: readonly QuestionKind[] }): Slot[] {
  const count = APPLIED_TRANSFORMS.length
  // Where the two numbers have a divisor in common, equal steps would meet only some of the pairs.
  const period = kinds.length % count === 0 ? kinds.length : kinds.length * count
  return Array.from({ length: rows }, (_, index) => ({
    kind: at(kinds, index + Math.floor(index / period)),
    transform: at(APPLIED_TRANSFORMS, index),
  }))
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length]
  if (item === undefined) throw new RangeError('expected at least one item to go round')
  return item
}
