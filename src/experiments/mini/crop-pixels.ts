import type { Box } from '../../core/transform.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'

/** The pixels of a box, which must lie within the image. */
export function cropPixels({
  image: { data, width: stride, channels },
  box: [left, top, right, bottom],
}: {
  image: PixelImage
  box: Box
}): PixelImage {
  const [width, height] = [right - left, bottom - top]
  const cut = new Uint8Array(width * height * channels)
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * stride + left) * channels
    cut.set(data.subarray(from, from + width * channels), row * width * channels)
  }
  return { data: cut, width, height, channels }
}
