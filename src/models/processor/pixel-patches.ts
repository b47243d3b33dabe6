import type { PatchGrid } from '../vision/patch-order.js'

/** An image that was cut into patches of bytes, [patches × (3 × side²)]. */
export interface CutImage {
  readonly pixels: Uint8Array
  readonly grid: PatchGrid
}

/**
 * Cut an image (8-bit RGB, row by row; sides multiples of patch size × merge size) into patches as the model takes them, merge block by merge block, each patch as channel × row × column; the bytes
 * stay what they are. [patches × (3 × patchSize²)]
 */
export function pixelPatches({
  pixels,
  width,
  height,
  patchSize,
  mergeSize,
}: {
  pixels: Uint8Array
  width: number
  height: number
  patchSize: number
  mergeSize: number
}): CutImage {
  const grid = { height: height / patchSize, width: width / patchSize }
  const cut = new Uint8Array(grid.height * grid.width * 3 * patchSize ** 2)
  let at = 0
  for (let top = 0; top < grid.height; top += mergeSize)
    for (let left = 0; left < grid.width; left += mergeSize)
      for (let patch = 0; patch < mergeSize ** 2; patch++) {
        const y = (top + Math.floor(patch / mergeSize)) * patchSize
        const x = (left + (patch % mergeSize)) * patchSize
        for (let channel = 0; channel < 3; channel++)
          for (let row = y; row < y + patchSize; row++)
            for (let column = x; column < x + patchSize; column++)
              cut[at++] = pixels[(row * width + column) * 3 + channel] ?? 0
      }
  return { pixels: cut, grid }
}
