import type { Orientation } from '../../core/orientation.js'
import type { Box } from '../../core/transform.js'
import { composeOrientations } from '../../data/transforms/compose-orientations.js'
import { inverseOf } from '../../data/transforms/inverse.js'
import { mapBox } from '../../data/transforms/map-box.js'
import { transformPixels, type PixelImage } from '../../data/transforms/transform-pixels.js'
import { transformedSize, type Size } from '../../data/transforms/transformed-size.js'

/** What a picture shows of an upright image: a window of it (in its pixels), lying in some orientation. */
export interface Shown {
  readonly window: Box
  /** What was applied to the window. */
  readonly orientation: Orientation
}

/** Size of a picture that shows so much, not scaled. */
export function sizeOfShown({ window: [left, top, right, bottom], orientation }: Shown): Size {
  return transformedSize({ width: right - left, height: bottom - top, transform: orientation })
}

/** What is shown after an orientation of the picture. */
export function thenOriented(shown: Shown, orientation: Orientation): Shown {
  return { ...shown, orientation: composeOrientations([shown.orientation, orientation]) }
}

/** What is shown after a crop, whose box is in pixels of the picture. */
export function thenCropped(shown: Shown, box: Box): Shown {
  const upright = mapBox({ box, ...sizeOfShown(shown), transform: inverseOf(shown.orientation) })
  const [left, top] = shown.window
  return {
    ...shown,
    window: [upright[0] + left, upright[1] + top, upright[2] + left, upright[3] + top],
  }
}

/** The pixels that show so much, cut out of a picture that shows more; null where that does not hold all of it. */
export async function renderShown({
  shown,
  source,
  sourceShown,
}: {
  shown: Shown
  source: PixelImage
  sourceShown: Shown
}): Promise<PixelImage | null> {
  if (!holds(sourceShown.window, shown.window)) return null
  const [left, top] = sourceShown.window
  const [x0, y0, x1, y1] = shown.window
  const size = transformedSize({ ...sizeOfShown(sourceShown), transform: inverseOf(sourceShown.orientation) })
  const box = mapBox({
    box: [x0 - left, y0 - top, x1 - left, y1 - top],
    ...size,
    transform: sourceShown.orientation,
  })
  const cut = cutOut(source, box)
  const turn = composeOrientations([inverseOf(sourceShown.orientation), shown.orientation])
  return turn === 'none' ? cut : transformPixels({ image: cut, transform: turn })
}

/** Whether one box lies inside another. */
export function holds(outer: Box, inner: Box): boolean {
  return outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3]
}

function cutOut({ data, width, channels }: PixelImage, [left, top, right, bottom]: Box): PixelImage {
  const row = (right - left) * channels
  const cut = new Uint8Array(row * (bottom - top))
  for (let y = top; y < bottom; y++) {
    const from = (y * width + left) * channels
    cut.set(data.subarray(from, from + row), (y - top) * row)
  }
  return { data: cut, width: right - left, height: bottom - top, channels }
}

export function arePixelsEqual(a: PixelImage, b: PixelImage): boolean {
  return a.width === b.width && a.height === b.height && Buffer.compare(a.data, b.data) === 0
}
