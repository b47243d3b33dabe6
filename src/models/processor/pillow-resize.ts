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
  const taps = tapsOf({ from: width, to: length, filter })
  const result = new Uint8Array(length * height * channels)
  const stride = length * channels
  const isRepeated = repeatedRows({ pixels, stride: width * channels, height })
  const alongRow = channels === 3 ? alongColourRow : alongAnyRow
  for (let row = 0; row < height; row++) {
    const to = row * stride
    if (isRepeated[row] === 1) result.copyWithin(to, to - stride, to)
    else alongRow({ pixels, from: row * width * channels, channels, taps, length, result, to })
  }
  return result
}

interface RowJob {
  pixels: Uint8Array
  /** Byte at which the row begins, in the input and in the result. */
  from: number
  to: number
  channels: number
  taps: Taps
  length: number
  result: Uint8Array
}

function alongAnyRow({
  pixels,
  from,
  to,
  channels,
  taps: { first, count, weights, size },
  length,
  result,
}: RowJob): void {
  for (let at = 0; at < length; at++) {
    const start = from + (first[at] ?? 0) * channels
    const own = count[at] ?? 0
    for (let channel = 0; channel < channels; channel++) {
      let sum = HALF
      for (let tap = 0; tap < own; tap++)
        sum += (pixels[start + tap * channels + channel] ?? 0) * (weights[at * size + tap] ?? 0)
      result[to + at * channels + channel] = toByte(sum)
    }
  }
}

/** The same of three channels, faster; where all pixels under the filter are alike, their mean is what they are. */
function alongColourRow({
  pixels,
  from,
  to,
  taps: { first, count, weights, size },
  length,
  result,
}: RowJob): void {
  // The last pixel so far that is not as the one before it.
  let change = 0
  let seen = 1
  for (let at = 0; at < length; at++) {
    const start = first[at] ?? 0
    const taps = count[at] ?? 0
    for (; seen < start + taps; seen++) if (!isLikeLast({ pixels, byte: from + seen * 3 })) change = seen
    let byte = from + start * 3
    const out = to + at * 3
    if (change <= start) {
      for (let channel = 0; channel < 3; channel++) result[out + channel] = pixels[byte + channel] ?? 0
      continue
    }
    let red = HALF
    let green = HALF
    let blue = HALF
    const end = at * size + taps
    for (let tap = at * size; tap < end; tap++, byte += 3) {
      const weight = weights[tap] ?? 0
      red += (pixels[byte] ?? 0) * weight
      green += (pixels[byte + 1] ?? 0) * weight
      blue += (pixels[byte + 2] ?? 0) * weight
    }
    result[out] = toByte(red)
    result[out + 1] = toByte(green)
    result[out + 2] = toByte(blue)
  }
}

function isLikeLast({ pixels, byte }: { pixels: Uint8Array; byte: number }): boolean {
  return (
    pixels[byte] === pixels[byte - 3] &&
    pixels[byte + 1] === pixels[byte - 2] &&
    pixels[byte + 2] === pixels[byte - 1]
  )
}

/** 1 for each row that holds the same bytes as the one before it: drawings have many such rows, and they need not be computed twice. */
function repeatedRows({
  pixels,
  stride,
  height,
}: {
  pixels: Uint8Array
  stride: number
  height: number
}): Uint8Array {
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, stride * height)
  return Uint8Array.from({ length: height }, (_, row) => {
    if (row === 0) return 0
    const start = row * stride
    return bytes.compare(bytes, start - stride, start, start, start + stride) === 0 ? 1 : 0
  })
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
  const isRepeated = repeatedRows({ pixels, stride, height })
  const result = new Uint8Array(length * stride)
  const sums = new Int32Array(stride)
  for (let at = 0; at < length; at++) {
    sums.fill(HALF)
    const start = first[at] ?? 0
    const end = start + (count[at] ?? 0)
    for (let row = start; row < end; row++) {
      let weight = weights[at * size + row - start] ?? 0
      // Whole numbers: rows that are alike may be weighed together.
      while (row + 1 < end && isRepeated[row + 1] === 1) weight += weights[at * size + ++row - start] ?? 0
      const from = row * stride
      for (let byte = 0; byte < stride; byte++)
        sums[byte] = (sums[byte] ?? 0) + (pixels[from + byte] ?? 0) * weight
    }
    for (let byte = 0; byte < stride; byte++) result[at * stride + byte] = toByte(sums[byte] ?? 0)
  }
  return result
}

function toByte(sum: number): number {
  const value = sum >> PRECISION
  return value < 0 ? 0 : value > 255 ? 255 : value
}
