/** What two boxes [left, top, right, bottom] share and cover, in areas; the hull is the smallest box around both. */
export interface BoxAreas {
  own: number
  other: number
  intersection: number
  union: number
  hull: number
}

/**
 * Areas of two boxes; null where one of them is no box: not four finite numbers, or without area, as with swapped corners.
 */
export function boxAreas(a: readonly number[], b: readonly number[]): BoxAreas | null {
  if (!isBox(a) || !isBox(b)) return null
  const own = (a[2] - a[0]) * (a[3] - a[1])
  const other = (b[2] - b[0]) * (b[3] - b[1])
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]))
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]))
  const intersection = width * height
  const hull = (Math.max(a[2], b[2]) - Math.min(a[0], b[0])) * (Math.max(a[3], b[3]) - Math.min(a[1], b[1]))
  const union = own + other - intersection
  return Number.isFinite(hull) && union > 0 ? { own, other, intersection, union, hull } : null
}

/** Intersection over union, in [0, 1]; 0 where one of them is no box. */
export function intersectionOverUnion(a: readonly number[], b: readonly number[]): number {
  const areas = boxAreas(a, b)
  return areas === null ? 0 : Math.min(1, areas.intersection / areas.union)
}

export function isBox(box: readonly number[]): box is readonly [number, number, number, number] {
  const [left, top, right, bottom] = box
  if (left === undefined || top === undefined || right === undefined || bottom === undefined) return false
  return box.length === 4 && box.every(Number.isFinite) && left < right && top < bottom
}
