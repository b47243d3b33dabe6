import type { Box } from '../../core/transform.js'
import type { Size } from '../transforms/transformed-size.js'

type Point = readonly [x: number, y: number]

/** What a polygon around a word comes down to. */
export interface WordShape {
  /** Smallest box of whole pixels around it, inside the image. */
  box: Box
  /** Extent across the direction of writing, in pixels. */
  height: number
  /** Direction of writing against the image's horizontal, in degrees of [−180, 180]; positive turns clockwise. */
  angle: number
}

/**
 * The shape of a word. Its vertices are listed along the upper side in the direction of writing, then back along the lower side, as HierText
 * does: four, or more around curved text.
 * @returns null for a polygon that encloses nothing: fewer than four points, numbers that are none, no area, or all of it outside of the image.
 */
export function shapeOf({
  vertices,
  width,
  height: imageHeight,
}: Size & { vertices: readonly (readonly number[])[] }): WordShape | null {
  const points = vertices.map(([x = Number.NaN, y = Number.NaN]): Point => [x, y])
  if (points.length < 4 || points.some(([x, y]) => !Number.isFinite(x) || !Number.isFinite(y))) return null
  const area = areaOf(points)
  if (area < 1) return null
  const clip = (value: number, limit: number): number => Math.min(Math.max(value, 0), limit)
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  const box: Box = [
    clip(Math.floor(Math.min(...xs)), width),
    clip(Math.floor(Math.min(...ys)), imageHeight),
    clip(Math.ceil(Math.max(...xs)), width),
    clip(Math.ceil(Math.max(...ys)), imageHeight),
  ]
  if (box[0] >= box[2] || box[1] >= box[3]) return null
  // Upper and lower side, both in the direction of writing; of an odd number of points the middle one belongs to both.
  const half = Math.ceil(points.length / 2)
  const upper = points.slice(0, half)
  const lower = points.slice(points.length - half).reverse()
  const length = (lengthOf(upper) + lengthOf(lower)) / 2
  const [startX, startY] = middle(upper[0], lower[0])
  const [endX, endY] = middle(upper.at(-1), lower.at(-1))
  return {
    box,
    height: length === 0 ? 0 : area / length,
    angle: (Math.atan2(endY - startY, endX - startX) * 180) / Math.PI,
  }
}

/** The shoelace formula. */
function areaOf(points: readonly Point[]): number {
  const twice = points.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = points[(index + 1) % points.length] ?? [x, y]
    return sum + x * nextY - nextX * y
  }, 0)
  return Math.abs(twice) / 2
}

function lengthOf(side: readonly Point[]): number {
  return side.slice(1).reduce((sum, [x, y], index) => {
    const [beforeX, beforeY] = side[index] ?? [x, y]
    return sum + Math.hypot(x - beforeX, y - beforeY)
  }, 0)
}

function middle(a: Point = [0, 0], b: Point = [0, 0]): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
}
