import type { PixelImage } from '../../data/transforms/transform-pixels.js'
import { lanczosResize } from '../../models/processor/lanczos-resize.js'

/** Bounds of width × height of what the model sees. */
export interface ViewBounds {
  readonly minPixels: number
  readonly maxPixels: number
}

/** The copy of an image that the model sees, to the byte as the sandbox makes it. */
export function viewImage({ image, view }: { image: PixelImage; view: ViewBounds }): PixelImage {
  const { width, height, channels } = image
  const to = viewSize({ width, height, view })
  if (to.width === width && to.height === height) return image
  return { data: lanczosResize({ pixels: image.data, width, height, channels, to }), ...to, channels }
}

/** Its size: within the bounds, aspect kept; the lower bound is rounded up to, the upper one down. */
function viewSize({
  width,
  height,
  view: { minPixels, maxPixels },
}: {
  width: number
  height: number
  view: ViewBounds
}): { width: number; height: number } {
  let [across, down] = [width, height]
  if (across * down < minPixels) {
    const scale = Math.sqrt(minPixels / (across * down))
    ;[across, down] = [Math.ceil(across * scale), Math.ceil(down * scale)]
  }
  if (across * down > maxPixels) {
    const scale = Math.sqrt(maxPixels / (across * down))
    ;[across, down] = [Math.max(1, Math.trunc(across * scale)), Math.max(1, Math.trunc(down * scale))]
  }
  return { width: across, height: down }
}
