import { isAxisAligned, scalesOf, wholePixels, type Affine, type Rectangle } from './affine.js'
import type { PixelRows } from './pixel-rows.js'
import type { SampleGrid } from './sample-grid.js'

/** Where a position covers this many pixels along a side, it is looked at twice. */
const SMALLER = 1.5

/**
 * Brightness of an image, 0 to 255, wherever the positions of a grid lie in it under a map; NaN outside of it,
 * or of the part of it that is its domain. Row by row, as the grid.
 * Where the map makes the image smaller, it is averaged over what one position covers.
 */
export function sampleBrightness({
  image,
  map,
  grid: { xs, ys },
  domain = [0, 0, image.width, image.height],
}: {
  image: PixelRows
  map: Affine
  grid: SampleGrid
  domain?: Rectangle
}): Float32Array {
  const bounds = wholePixels(domain, image)
  const values = new Float32Array(xs.length * ys.length)
  const offsets = footprintOf(map)
  for (const offset of offsets) {
    if (!isAxisAligned(map)) addAslant(image, bounds, map, offset, xs, ys, values)
    else if (map[0] !== 0 && Math.abs(map[0]) > Math.abs(map[1]))
      addUpright(image, bounds, map, offset, xs, ys, values)
    else addTurned(image, bounds, map, offset, xs, ys, values)
  }
  return offsets.length === 1 ? values : values.map((value) => value / offsets.length)
}

/** A row beyond the image. */
const NOTHING = new Uint8Array(0)

type Offset = readonly [x: number, y: number]

function footprintOf(map: Affine): Offset[] {
  const { across, down } = scalesOf(map)
  return Math.max(across, down) < SMALLER
    ? [[0.5, 0.5]]
    : [
        [0.25, 0.25],
        [0.75, 0.75],
      ]
}

/** Rows of the grid lie along rows of the image. */
function addUpright(
  image: PixelRows,
  [left, top, right, bottom]: Rectangle,
  [a, , c, , e, f]: Affine,
  [dx, dy]: Offset,
  xs: Int32Array,
  ys: Int32Array,
  values: Float32Array,
): void {
  const us = xs.map((x) => Math.floor(a * (x + dx) + c))
  const { channels } = image
  for (let index = 0, at = 0; index < ys.length; index += 1) {
    const v = Math.floor(e * ((ys[index] ?? 0) + dy) + f)
    const row = v >= top && v < bottom ? image.row(v) : NOTHING
    for (let column = 0; column < us.length; column += 1, at += 1) {
      const u = us[column] ?? -1
      const inside = row !== NOTHING && u >= left && u < right
      values[at] = (values[at] ?? 0) + (inside ? brightnessAt(row, u, channels) : NaN)
    }
  }
}

/** Rows of the grid lie along columns of the image. */
function addTurned(
  image: PixelRows,
  [left, top, right, bottom]: Rectangle,
  [, b, c, d, , f]: Affine,
  [dx, dy]: Offset,
  xs: Int32Array,
  ys: Int32Array,
  values: Float32Array,
): void {
  const { channels } = image
  const rows = Array.from(xs, (x) => {
    const v = Math.floor(d * (x + dx) + f)
    return v >= top && v < bottom ? image.row(v) : NOTHING
  })
  for (let index = 0, at = 0; index < ys.length; index += 1) {
    const u = Math.floor(b * ((ys[index] ?? 0) + dy) + c)
    const isWithin = u >= left && u < right
    for (let column = 0; column < rows.length; column += 1, at += 1) {
      const row = rows[column] ?? NOTHING
      const inside = isWithin && row !== NOTHING
      values[at] = (values[at] ?? 0) + (inside ? brightnessAt(row, u, channels) : NaN)
    }
  }
}

function addAslant(
  image: PixelRows,
  [left, top, right, bottom]: Rectangle,
  [a, b, c, d, e, f]: Affine,
  [dx, dy]: Offset,
  xs: Int32Array,
  ys: Int32Array,
  values: Float32Array,
): void {
  let at = 0
  for (const y of ys) {
    for (const x of xs) {
      const u = Math.floor(a * (x + dx) + b * (y + dy) + c)
      const v = Math.floor(d * (x + dx) + e * (y + dy) + f)
      const inside = u >= left && v >= top && u < right && v < bottom
      values[at] = (values[at] ?? 0) + (inside ? brightnessAt(image.row(v), u, image.channels) : NaN)
      at += 1
    }
  }
}

/** Laid over white where it is not opaque, as a call is given it. */
function brightnessAt(row: Uint8Array, x: number, channels: number): number {
  const at = x * channels
  const first = row[at] ?? 0
  if (channels === 1) return first
  const value = 0.299 * first + 0.587 * (row[at + 1] ?? 0) + 0.114 * (row[at + 2] ?? 0)
  return channels === 3 ? value : 255 + ((value - 255) * (row[at + 3] ?? 0)) / 255
}
