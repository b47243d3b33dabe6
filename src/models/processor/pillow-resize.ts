/** Bits behind the point of a weight, as Pillow has them for eight-bit images. */
const PRECISION = 22
const HALF = 1 << (PRECISION - 1)

/** A filter, in pixels of the input where it is enlarged. */
export interface ResizeFilter {
  /** Beyond this distance its weight is 0. */
  readonly support: number
  weight(distance: number): number
}

export interface PixelResize {
  /** Eight bits each, row by row, channels side by side. */
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly to: { readonly width: number; readonly height: number }
}

/** Resize pixels exactly as `PIL.Image.resize` does: along rows, then along columns, with weights in fixed point and each pass rounded to eight bits. */
export function pillowResize({
  pixels,
  width,
  height,
  channels,
  to,
  filter,
}: PixelResize & { readonly filter: ResizeFilter }): Uint8Array {
  const rows =
    to.width === width ? pixels : alongRows({ pixels, width, height, channels, length: to.width, filter })
  return to.height === height
    ? rows
    : alongColumns({ pixels: rows, height, stride: to.width * channels, length: to.height, filter })
}

interface Taps {
  /** First input pixel, by output pixel. */
  readonly first: Int32Array
  readonly count: Int32Array
  /** Weights of an output pixel from `size` × its index on. */
  readonly weights: Int32Array
  readonly size: number
}

function tapsOf({ from, to, filter }: { from: number; to: number; filter: ResizeFilter }): Taps {
  const scale = from / to
  const filterScale = Math.max(scale, 1)
  const support = filter.support * filterScale
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
      const weight = filter.weight((tap + start - centre + 0.5) / filterScale)
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

function alongRows({
  pixels,
  width,
  height,
  channels,
  length,
  filter,
}: {
  pixels: Uint8Array
  width: number
  height: number
  channels: number
  length: number
  filter: ResizeFilter
}): Uint8Array {
  const { first, count, weights, size } = tapsOf({ from: width, to: length, filter })
  const result = new Uint8Array(length * height * channels)
  const isLikeLast = repeatedRows({ pixels, stride: width * channels, height })
  for (let row = 0; row < height; row++) {
    if (isLikeLast(row)) {
      result.copyWithin(row * length * channels, (row - 1) * length * channels, row * length * channels)
      continue
    }
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
  }
  return result
}

/** Whether a row holds the same bytes as the one before it: drawings have many such rows, and need not be computed twice. */
function repeatedRows({
  pixels,
  stride,
  height,
}: {
  pixels: Uint8Array
  stride: number
  height: number
}): (row: number) => boolean {
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, stride * height)
  return (row) =>
    row > 0 && bytes.compare(bytes, (row - 1) * stride, row * stride, row * stride, (row + 1) * stride) === 0
}

function alongColumns({
  pixels,
  height,
  stride,
  length,
  filter,
}: {
  pixels: Uint8Array
  height: number
  /** Bytes of a row. */
  stride: number
  length: number
  filter: ResizeFilter
}): Uint8Array {
  const { first, count, weights, size } = tapsOf({ from: height, to: length, filter })
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
