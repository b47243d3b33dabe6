/** Bits behind the point of a weight, as Pillow has them for eight-bit images. */
const PRECISION = 22
const HALF = 1 << (PRECISION - 1)
/** Of the cubic filter, in pixels of the input where it is enlarged. */
const SUPPORT = 2
const A = -0.5

/**
 * Resize eight-bit pixels (row by row, channels side by side) exactly as `PIL.Image.resize(size, Image.BICUBIC)`: along rows, then along columns, with weights in fixed
 * point and each pass rounded to eight bits.
 */
export function bicubicResize({
  pixels,
  width,
  height,
  channels,
  to,
}: {
  pixels: Uint8Array
  width: number
  height: number
  channels: number
  to: { width: number; height: number }
}): Uint8Array {
  const rows = to.width === width ? pixels : alongRows({ pixels, width, height, channels, length: to.width })
  return to.height === height
    ? rows
    : alongColumns({ pixels: rows, height, stride: to.width * channels, length: to.height })
}

interface Taps {
  /** First input pixel, by output pixel. */
  readonly first: Int32Array
  readonly count: Int32Array
  /** Weights of an output pixel from `size` × its index on. */
  readonly weights: Int32Array
  readonly size: number
}

function tapsOf({ from, to }: { from: number; to: number }): Taps {
  const scale = from / to
  const filterScale = Math.max(scale, 1)
  const support = SUPPORT * filterScale
  const size = Math.ceil(support) * 2 + 1
  const first = new Int32Array(to)
  const count = new Int32Array(to)
  const weights = new Int32Array(to * size)
  const exact = new Float64Array(size)
  for (let at = 0; at < to; at++) {
    const centre = (at + 0.5) * scale
    const start = Math.max(0, Math.trunc(centre - support + 0.5))
    const taps = Math.min(from, Math.trunc(centre + support + 0.5)) - start
    let sum = 0
    for (let tap = 0; tap < taps; tap++) {
      const weight = cubic((tap + start - centre + 0.5) / filterScale)
      exact[tap] = weight
      sum += weight
    }
    first[at] = start
    count[at] = taps
    for (let tap = 0; tap < taps; tap++) {
      const weight = (exact[tap] ?? 0) / sum
      weights[at * size + tap] = Math.trunc(weight * (1 << PRECISION) + (weight < 0 ? -0.5 : 0.5))
    }
  }
  return { first, count, weights, size }
}

function cubic(distance: number): number {
  const x = Math.abs(distance)
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * A
  return 0
}

function alongRows({
  pixels,
  width,
  height,
  channels,
  length,
}: {
  pixels: Uint8Array
  width: number
  height: number
  channels: number
  length: number
}): Uint8Array {
  const { first, count, weights, size } = tapsOf({ from: width, to: length })
  const result = new Uint8Array(length * height * channels)
  for (let row = 0; row < height; row++)
    for (let at = 0; at < length; at++) {
      const from = (row * width + (first[at] ?? 0)) * channels
      const taps = count[at] ?? 0
      for (let channel = 0; channel < channels; channel++) {
        let sum = HALF
        for (let tap = 0; tap < taps; tap++)
          sum += (pixels[from + tap * channels + channel] ?? 0) * (weights[at * size + tap] ?? 0)
        result[(row * length + at) * channels + channel] = toByte(sum)
      }
    }
  return result
}

function alongColumns({
  pixels,
  height,
  stride,
  length,
}: {
  pixels: Uint8Array
  height: number
  /** Bytes of a row. */
  stride: number
  length: number
}): Uint8Array {
  const { first, count, weights, size } = tapsOf({ from: height, to: length })
  const result = new Uint8Array(length * stride)
  for (let at = 0; at < length; at++) {
    const start = (first[at] ?? 0) * stride
    const taps = count[at] ?? 0
    for (let byte = 0; byte < stride; byte++) {
      let sum = HALF
      for (let tap = 0; tap < taps; tap++)
        sum += (pixels[start + tap * stride + byte] ?? 0) * (weights[at * size + tap] ?? 0)
      result[at * stride + byte] = toByte(sum)
    }
  }
  return result
}

function toByte(sum: number): number {
  const value = sum >> PRECISION
  return value < 0 ? 0 : value > 255 ? 255 : value
}
