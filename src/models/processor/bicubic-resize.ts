import { pillowResize, type PixelResize, type ResizeFilter } from './pillow-resize.js'

const A = -0.5

const BICUBIC: ResizeFilter = {
  support: 2,
  weight(distance) {
    const x = Math.abs(distance)
    if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1
    if (x < 2) return (((x - 5) * x + 8) * x - 4) * A
    return 0
  },
}

/** Resize pixels exactly as `PIL.Image.resize(size, Image.BICUBIC)`. */
export function bicubicResize(given: PixelResize): Uint8Array {
  return pillowResize({ ...given, filter: BICUBIC })
}
