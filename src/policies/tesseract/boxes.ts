import type { Box } from '../../core/transform.js'

export function widthOf([left, , right]: Box): number {
  return right - left
}

export function heightOf([, top, , bottom]: Box): number {
  return bottom - top
}

export function centreOf([left, top, right, bottom]: Box): readonly [x: number, y: number] {
  return [(left + right) / 2, (top + bottom) / 2]
}

/** Smallest box around all of them; an empty list gives an empty box. */
export function unionOf(boxes: readonly Box[]): Box {
  const [first, ...others] = boxes
  if (!first) return [0, 0, 0, 0]
  return others.reduce<Box>(
    (all, box) => [
      Math.min(all[0], box[0]),
      Math.min(all[1], box[1]),
      Math.max(all[2], box[2]),
      Math.max(all[3], box[3]),
    ],
    first,
  )
}

/** Distance between centres. */
export function distanceBetween(a: Box, b: Box): number {
  const [ax, ay] = centreOf(a)
  const [bx, by] = centreOf(b)
  return Math.hypot(ax - bx, ay - by)
}

/** Length of the horizontal stretch that both boxes cover; negative: the gap between them. */
export function sharedWidth(a: Box, b: Box): number {
  return Math.min(a[2], b[2]) - Math.max(a[0], b[0])
}

/** The box grown on every side and cut to a width × height image. */
export function growBox({
  box: [left, top, right, bottom],
  x,
  y,
  width,
  height,
}: {
  box: Box
  x: number
  y: number
  width: number
  height: number
}): Box {
  return [
    Math.max(0, left - x),
    Math.max(0, top - y),
    Math.min(width, right + x),
    Math.min(height, bottom + y),
  ]
}
