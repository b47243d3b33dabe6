/** Stands for an area that is not above 0. */
const NO_AREA = 1e-6

/**
 * Intersection over union of two boxes [left, top, right, bottom] with the arithmetic of the release: a box with swapped corners has no area, and a union
 * without area counts as 1e-6. Comparisons keep the first operand where a number is NaN, as Python's `max` and `min` do.
 */
export function releaseIoU(a: readonly number[], b: readonly number[]): number {
  const [aLeft = 0, aTop = 0, aRight = 0, aBottom = 0] = a
  const [bLeft = 0, bTop = 0, bRight = 0, bBottom = 0] = b
  const width = positive((bRight < aRight ? bRight : aRight) - (bLeft > aLeft ? bLeft : aLeft))
  const height = positive((bBottom < aBottom ? bBottom : aBottom) - (bTop > aTop ? bTop : aTop))
  const intersection = width * height
  const areas =
    positive(aRight - aLeft) * positive(aBottom - aTop) + positive(bRight - bLeft) * positive(bBottom - bTop)
  const union = areas - intersection
  return intersection / (union > 0 ? union : NO_AREA)
}

function positive(value: number): number {
  return value > 0 ? value : 0
}
