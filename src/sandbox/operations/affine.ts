/**
 * A map from the pixels of a result to those of its input, [a, b, c, d, e, f]: x' = a·x + b·y + c, y' = d·x + e·y + f.
 * Coordinates are those of pixel edges: the first pixel covers 0 to 1.
 */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

export interface Size {
  width: number
  height: number
}

export type Rectangle = readonly [left: number, top: number, right: number, bottom: number]

export const IDENTITY: Affine = [1, 0, 0, 0, 1, 0]

/** First `inner`, then `outer`. */
export function compose([a, b, c, d, e, f]: Affine, [g, h, i, j, k, l]: Affine): Affine {
  return [a * g + b * j, a * h + b * k, a * i + b * l + c, d * g + e * j, d * h + e * k, d * i + e * l + f]
}

/** @returns null where the map has no inverse. */
export function invert([a, b, c, d, e, f]: Affine): Affine | null {
  const determinant = a * e - b * d
  if (!Number.isFinite(1 / determinant)) return null
  return [
    e / determinant,
    -b / determinant,
    (b * f - c * e) / determinant,
    -d / determinant,
    a / determinant,
    (c * d - a * f) / determinant,
  ]
}

/** How many pixels of the input lie under one of the result, along each of its sides. */
export function scalesOf([a, b, , d, e]: Affine): { across: number; down: number } {
  return { across: Math.hypot(a, d), down: Math.hypot(b, e) }
}

/** Whether rows and columns of the result lie along rows or columns of the input. */
export function isAxisAligned([a, b, , d, e]: Affine): boolean {
  const isZero = (value: number): boolean => Math.abs(value) < 1e-6
  return (isZero(b) && isZero(d)) || (isZero(a) && isZero(e))
}

/** The smallest upright rectangle of the input that holds all of a result of this size. */
export function regionOf(affine: Affine, { width, height }: Size): Rectangle {
  const [a, b, c, d, e, f] = affine
  const xs = [c, a * width + c, b * height + c, a * width + b * height + c]
  const ys = [f, d * width + f, e * height + f, d * width + e * height + f]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

/** The smallest upright rectangle of the input that holds a rectangle of the result. */
export function mapRectangle(affine: Affine, [left, top, right, bottom]: Rectangle): Rectangle {
  return regionOf(compose(affine, [1, 0, left, 0, 1, top]), { width: right - left, height: bottom - top })
}

export function intersect(one: Rectangle, other: Rectangle): Rectangle {
  return [
    Math.max(one[0], other[0]),
    Math.max(one[1], other[1]),
    Math.min(one[2], other[2]),
    Math.min(one[3], other[3]),
  ]
}

/** In pixels; 0 for a rectangle that is none. */
export function areaOf([left, top, right, bottom]: Rectangle): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top)
}

/** The pixels of an image that lie in a rectangle, for the most part. */
export function wholePixels([left, top, right, bottom]: Rectangle, { width, height }: Size): Rectangle {
  return [
    Math.max(0, Math.round(left)),
    Math.max(0, Math.round(top)),
    Math.min(width, Math.round(right)),
    Math.min(height, Math.round(bottom)),
  ]
}
