import { pillowResize, type PixelResize, type ResizeFilter } from './pillow-resize.js'

const LOBES = 3

const LANCZOS: ResizeFilter = {
  support: LOBES,
  weight: (distance) =>
    distance >= -LOBES && distance < LOBES ? sinc(distance) * sinc(distance / LOBES) : 0,
}

/** Resize pixels exactly as `PIL.Image.resize(size, Image.LANCZOS)`, as the sandbox makes the copies that a model sees. */
export function lanczosResize(given: PixelResize): Uint8Array {
  return pillowResize({ ...given, filter: LANCZOS })
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI)
}
