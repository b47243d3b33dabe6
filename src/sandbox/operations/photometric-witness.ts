import type { Comparison } from './exact-match.js'
import { overWhite, type PixelRows } from './pixel-rows.js'
import { sampleGrid } from './sample-grid.js'

/** What the samples of an image are like. */
interface Look {
  /** Mean and deviation of brightness. */
  mean: number
  deviation: number
  /** Mean difference between the largest and the smallest of red, green and blue. */
  colour: number
  /** Mean difference of brightness to the next pixel of the result's row, over the deviation. */
  roughness: number
  /** Different values of red, green and blue. */
  levels: number
}

const POINTS = { cells: 28, taps: 1 }

type Witness = (shown: Look, expected: Look) => boolean

// Rounding alone moves roughness a little.
const smoother: Witness = (shown, expected) => shown.roughness < 0.98 * expected.roughness
const rougher: Witness = (shown, expected) => shown.roughness > 1.01 * expected.roughness
const darker: Witness = (shown, expected) => shown.mean < expected.mean
const brighter: Witness = (shown, expected) => shown.mean > expected.mean
const stretched: Witness = (shown, expected) => shown.deviation > expected.deviation
const squeezed: Witness = (shown, expected) => shown.deviation < expected.deviation

/** What must be seen of a photometric operation that is the only one; those that are not here may look like anything. */
const WITNESSES: Readonly<Record<string, Witness>> = {
  brightness_up: brighter,
  brightness_down: darker,
  // A factor on all values changes brightness too, and where they are cut off it may do nothing else.
  contrast_up: (shown, expected) => stretched(shown, expected) || brighter(shown, expected),
  contrast_down: (shown, expected) => squeezed(shown, expected) || darker(shown, expected),
  color_up: (shown, expected) => shown.colour > expected.colour,
  color_down: (shown, expected) => shown.colour < expected.colour,
  sharpness_up: rougher,
  sharpness_down: smoother,
  sharpen: rougher,
  detail: rougher,
  edge_enhance: rougher,
  blur: smoother,
  gaussian_blur: smoother,
  median_blur: smoother,
  smooth: smoother,
  posterize: (shown, expected) => shown.levels < expected.levels,
  erode: darker,
  dilate: brighter,
}

/** Whether the result differs from the input under the map as a photometric operation would make it differ. */
export function isWitnessed({ op, comparison }: { op: string; comparison: Comparison }): boolean {
  const witness = WITNESSES[op]
  if (!witness) return true
  const { shown, expected } = looksOf(comparison)
  return witness(shown, expected)
}

/** Whether the result has no colour, at any position that is looked at. */
export function isGrey(image: PixelRows): boolean {
  if (image.mode === 'L') return true
  const { xs, ys } = sampleGrid({ ...sizeOf(image), ...POINTS })
  return ys.every((y) => xs.every((x) => spreadOf(image.pixel(x, y)) === 0))
}

function sizeOf({ width, height }: PixelRows): { width: number; height: number } {
  return { width, height }
}

function looksOf({ result, input, map: [a, b, c, d, e, f] }: Comparison): { shown: Look; expected: Look } {
  const { xs, ys } = sampleGrid({ ...sizeOf(result), ...POINTS })
  const shown = new Sums()
  const expected = new Sums()
  const at = (x: number, y: number): number | null => {
    const u = Math.floor(a * (x + 0.5) + b * (y + 0.5) + c)
    const v = Math.floor(d * (x + 0.5) + e * (y + 0.5) + f)
    return u < 0 || v < 0 || u >= input.width || v >= input.height ? null : overWhite(input.pixel(u, v))
  }
  for (const y of ys) {
    for (const x of xs) {
      const here = at(x, y)
      const next = x + 1 < result.width ? at(x + 1, y) : null
      if (here === null || next === null) continue
      shown.add(overWhite(result.pixel(x, y)), overWhite(result.pixel(x + 1, y)))
      expected.add(here, next)
    }
  }
  return { shown: shown.look(), expected: expected.look() }
}

class Sums {
  private count = 0
  private sum = 0
  private squares = 0
  private colour = 0
  private steps = 0
  private readonly values = new Set<number>()

  add(pixel: number, next: number): void {
    const brightness = brightnessOf(pixel)
    this.count += 1
    this.sum += brightness
    this.squares += brightness * brightness
    this.colour += spreadOf(pixel)
    this.steps += Math.abs(brightnessOf(next) - brightness)
    for (const shift of [24, 16, 8]) this.values.add((pixel >>> shift) & 255)
  }

  look(): Look {
    const mean = this.sum / this.count
    const deviation = Math.sqrt(Math.max(0, this.squares / this.count - mean * mean))
    return {
      mean,
      deviation,
      colour: this.colour / this.count,
      roughness: deviation === 0 ? 0 : this.steps / this.count / deviation,
      levels: this.values.size,
    }
  }
}

function brightnessOf(pixel: number): number {
  return 0.299 * (pixel >>> 24) + 0.587 * ((pixel >>> 16) & 255) + 0.114 * ((pixel >>> 8) & 255)
}

function spreadOf(pixel: number): number {
  const red = pixel >>> 24
  const green = (pixel >>> 16) & 255
  const blue = (pixel >>> 8) & 255
  return Math.max(red, green, blue) - Math.min(red, green, blue)
}
