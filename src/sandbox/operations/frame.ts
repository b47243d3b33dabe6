import {
  areaOf,
  compose,
  intersect,
  mapRectangle,
  regionOf,
  type Affine,
  type Rectangle,
  type Size,
} from './affine.js'
import type { Explanation } from './explain-result.js'

/** Where an image of a session lies in the image of the task that it was made of. Only what pixels confirmed is ever put together. */
export interface Frame {
  /** From the image's pixels to those of the task's image. */
  map: Affine
  /** Part of the task's image that it can show. */
  domain: Rectangle
}

/** An image of the task. */
export function taskFrame({ width, height }: Size): Frame {
  return { map: [1, 0, 0, 0, 1, 0], domain: [0, 0, width, height] }
}

/** The frame of a result that was found in an image with this frame. */
export function resultFrame(parent: Frame, { map, domain }: Explanation): Frame {
  return { map: compose(parent.map, map), domain: intersect(parent.domain, mapRectangle(parent.map, domain)) }
}

/** The part of the task's image that an image shows, in whole pixels where it is that but for rounding; null where it shows none of it. */
export function boxIn({ map, domain }: Frame, size: Size): Rectangle | null {
  const shown = intersect(domain, regionOf(map, size))
  if (areaOf(shown) === 0) return null
  const [left, top, right, bottom] = shown.map((value) => Math.round(value * 1000) / 1000)
  return [left ?? 0, top ?? 0, right ?? 0, bottom ?? 0]
}
