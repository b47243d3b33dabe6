import type { Box } from '../../core/transform.js'
import type { Random } from '../../data/demo/random.js'
import type { Size } from './curation-plan.js'

/** Margin around the evidence on each side, in shares of the box's shorter side. */
const LEAST_MARGIN = 0.25
const MOST_MARGIN = 1.2
/** No window is narrower or lower, in pixels, as far as the image goes. */
const LEAST_SIDE = 56
/** From one window to the next smaller one the area shrinks by these factors. */
const LEAST_SHRINK = 2
const MOST_SHRINK = 4.5
/** The largest window leaves something of the image out. */
const LARGEST_SHARE = 0.7

/** The evidence of an image. */
export interface Place extends Size {
  readonly box: Box
  /** Sides of windows are multiples of it, as those of the image are. */
  readonly grid: number
}

/** Whether two nested windows around the evidence find room. */
export function canNest(place: Place): boolean {
  return areaOf(tightWindow(place)) * LEAST_SHRINK <= LARGEST_SHARE * place.width * place.height
}

/** The smallest window that is drawn around the evidence. */
export function tightWindow(place: Place): Box {
  return grown({ place, margins: [1, 1, 1, 1].map(() => LEAST_MARGIN) })
}

/**
 * Draw a window around the evidence, with margins that differ from side to side; it fits into the view in full resolution wherever the evidence does.
 * @returns in pixels of the image that the box belongs to.
 */
export function drawWindow({
  random,
  maxArea,
  ...place
}: Place & {
  random: Random
  /** Most pixels of it, as far as the evidence lets it. */
  maxArea: number
}): Box {
  for (let most = MOST_MARGIN; most > LEAST_MARGIN; most *= 0.7) {
    const margins = [0, 0, 0, 0].map(
      () => random.integer(LEAST_MARGIN * 100, Math.max(LEAST_MARGIN, most) * 100) / 100,
    )
    const window = grown({ place, margins })
    if (areaOf(window) <= maxArea) return window
  }
  return tightWindow(place)
}

/**
 * Draw windows from coarse to fine: two or three, each inside the one before and at most half as large, all around the evidence with a margin (paper, section 3:
 * windows shrink monotonically and overlap).
 */
export function drawNestedWindows({
  random,
  maxArea,
  ...place
}: Place & { random: Random; maxArea: number }): Box[] {
  const largest = LARGEST_SHARE * place.width * place.height
  const finest = drawWindow({ ...place, random, maxArea: Math.min(maxArea, largest / LEAST_SHRINK) })
  const windows = [finest]
  const wanted = random.integer(1, 100) <= 35 ? 3 : 2
  while (windows.length < wanted) {
    const [inner = finest] = windows
    const room = largest / areaOf(inner)
    if (room < LEAST_SHRINK) break
    // Room is left for those that are still to come.
    const still = wanted - windows.length - 1
    const most = Math.max(LEAST_SHRINK, Math.min(MOST_SHRINK, room / LEAST_SHRINK ** still))
    const factor = random.integer(LEAST_SHRINK * 100, most * 100) / 100
    windows.unshift(around({ inner, factor, place, random }))
  }
  return windows
}

/** A window `factor` times as large that holds `inner`, shifted by chance. */
function around({
  inner: [left, top, right, bottom],
  factor,
  place: { grid, ...size },
  random,
}: {
  inner: Box
  factor: number
  place: Place
  random: Random
}): Box {
  const area = factor * (right - left) * (bottom - top)
  const stretch = random.integer(80, 125) / 100
  let width = Math.min(size.width, Math.max(right - left, Math.sqrt(factor) * (right - left) * stretch))
  const height = Math.min(size.height, Math.max(bottom - top, area / width))
  width = Math.min(size.width, Math.max(width, area / height))
  const [across, down] = [onGrid(width, grid), onGrid(height, grid)]
  const x = shifted({ from: left, to: right, length: across, limit: size.width, random })
  const y = shifted({ from: top, to: bottom, length: down, limit: size.height, random })
  return [x, y, x + across, y + down]
}

/** Where a stretch of `length` begins that holds another one and stays within [0, limit]. */
function shifted({
  from,
  to,
  length,
  limit,
  random,
}: {
  from: number
  to: number
  length: number
  limit: number
  random: Random
}): number {
  const slack = length - (to - from)
  // The evidence lies at no edge where there is room: between 20 and 80 % of the slack on either side.
  const wanted = from - Math.round((slack * random.integer(20, 80)) / 100)
  return Math.min(Math.max(0, wanted), limit - length)
}

function grown({ place, margins }: { place: Place; margins: readonly number[] }): Box {
  const { box, width, height, grid } = place
  const [left, top, right, bottom] = box
  const side = Math.min(right - left, bottom - top)
  const [a = 0, b = 0, c = 0, d = 0] = margins.map((margin) => Math.ceil(margin * side))
  const [x0, x1] = widened({ from: left - a, to: right + c, limit: width, grid })
  const [y0, y1] = widened({ from: top - b, to: bottom + d, limit: height, grid })
  return [x0, y0, x1, y1]
}

/** As long as a window must be at least, on the grid, and inside of the image. */
function widened({
  from,
  to,
  limit,
  grid,
}: {
  from: number
  to: number
  limit: number
  grid: number
}): [number, number] {
  const [low, high] = [Math.max(0, from), Math.min(limit, to)]
  const length = Math.min(limit, onGrid(Math.max(LEAST_SIDE, high - low), grid))
  const start = Math.min(Math.max(0, low - Math.floor((length - (high - low)) / 2)), limit - length)
  return [start, start + length]
}

function onGrid(length: number, grid: number): number {
  return Math.ceil(length / grid) * grid
}

export function areaOf([left, top, right, bottom]: Box): number {
  return (right - left) * (bottom - top)
}
