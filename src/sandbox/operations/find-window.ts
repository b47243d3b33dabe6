import { compose, type Affine } from './affine.js'
import type { Orientation } from '../../core/orientation.js'
import { orientationMap, swapsSides } from './orientation.js'
import { isExact } from './exact-match.js'
import type { PixelRows } from './pixel-rows.js'

/** Larger images are not searched: that would take longer than the call. */
const MOST_BYTES = 12 << 20
/** A row that occurs this often says nothing about where the window is. */
const MOST_PLACES = 32
const LEAST_SIDE = 4

/** The ways a line of the result may lie in the input: along it or against it, by rows or by columns; each fits two orientations. */
const READINGS: readonly { by: 'row' | 'column'; reversed: boolean; orientations: readonly Orientation[] }[] =
  [
    { by: 'row', reversed: false, orientations: ['none', 'flip_vertical'] },
    { by: 'row', reversed: true, orientations: ['flip_horizontal', 'rotate_180'] },
    { by: 'column', reversed: false, orientations: ['transpose', 'rotate_270'] },
    { by: 'column', reversed: true, orientations: ['rotate_90', 'transverse'] },
  ]

/**
 * Where in the input the result lies, in whatever orientation: the map, or null where it does not lie there pixel by pixel. For work with arrays that left
 * no other trace. A line of the result is looked for among the input's bytes, each place it is found at is compared.
 */
export function findWindow({ result, input }: { result: PixelRows; input: PixelRows }): Affine | null {
  const { width, height } = result
  if (result.mode !== input.mode || Math.min(width, height) < LEAST_SIDE) return null
  if (
    input.width * input.height * input.channels > MOST_BYTES ||
    width * height >= input.width * input.height
  )
    return null
  const haystack = input.all()
  for (const { by, reversed, orientations } of READINGS) {
    const at = Math.floor((by === 'row' ? height : width) / 2)
    const line = lineOf(result, { by, at, reversed })
    for (const [left, top] of placesOf(haystack, line, input)) {
      for (const orientation of orientations) {
        const map = windowMap({ orientation, at, left, top, result })
        if (isExact({ result, input, map })) return map
      }
    }
  }
  return null
}

function lineOf(
  image: PixelRows,
  { by, at, reversed }: { by: 'row' | 'column'; at: number; reversed: boolean },
): Buffer {
  const { channels, width, height } = image
  const length = by === 'row' ? width : height
  const line = Buffer.alloc(length * channels)
  for (let index = 0; index < length; index += 1) {
    const from = reversed ? length - 1 - index : index
    const [x, y] = by === 'row' ? [from, at] : [at, from]
    line.set(image.row(y).subarray(x * channels, (x + 1) * channels), index * channels)
  }
  return line
}

function placesOf(haystack: Buffer, line: Buffer, { width, channels }: PixelRows): [number, number][] {
  const stride = width * channels
  const places: [number, number][] = []
  if (line.length > stride) return places
  for (let at = haystack.indexOf(line); at >= 0; at = haystack.indexOf(line, at + 1)) {
    const column = at % stride
    if (column % channels === 0 && column + line.length <= stride)
      places.push([column / channels, Math.floor(at / stride)])
    if (places.length > MOST_PLACES) return []
  }
  return places
}

/** The window whose line number `at`, as the result counts, begins at (left, top) of the input. */
function windowMap({
  orientation,
  at,
  left,
  top,
  result: { width, height },
}: {
  orientation: Orientation
  at: number
  left: number
  top: number
  result: PixelRows
}): Affine {
  const swapped = swapsSides(orientation)
  const size = swapped ? { width: height, height: width } : { width, height }
  const inWindow = orientationMap(orientation, size)
  const [, , , d, e] = inWindow
  const fromTop = d + e > 0 ? at : size.height - 1 - at
  return compose([1, 0, left, 0, 1, top - fromTop], inWindow)
}
