import type { Box } from '../../core/transform.js'

/** Area in square pixels. */
export function boxArea([left, top, right, bottom]: Box): number {
  return (right - left) * (bottom - top)
}

/** The smallest box around all of them. */
export function boxAround(boxes: readonly Box[]): Box {
  return [
    Math.min(...boxes.map(([left]) => left)),
    Math.min(...boxes.map(([, top]) => top)),
    Math.max(...boxes.map(([, , right]) => right)),
    Math.max(...boxes.map(([, , , bottom]) => bottom)),
  ]
}

/** Share of the smaller extent that two intervals have in common; 0 where they do not meet. */
export function overlap(a: readonly [number, number], b: readonly [number, number]): number {
  const common = Math.min(a[1], b[1]) - Math.max(a[0], b[0])
  return Math.max(0, common) / Math.min(a[1] - a[0], b[1] - b[0])
}
