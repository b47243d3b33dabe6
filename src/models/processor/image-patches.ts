/**
 * Cut an image (8-bit RGB, row by row; sides multiples of patch size × merge size) into patches as the model takes them: scaled and normalised by channel, merge block by merge block, each
 * patch as channel × time × row × column. A still image fills all times with the same pixels. [patches × (3 × temporalPatchSize × patchSize²)]
 */
export function imagePatches({
  pixels,
  width,
  height,
  patchSize,
  temporalPatchSize,
  mergeSize,
  scale,
  mean,
  deviation,
}: {
  pixels: Uint8Array
  width: number
  height: number
  patchSize: number
  temporalPatchSize: number
  mergeSize: number
  /** What a byte is multiplied by, 1/255. */
  scale: number
  mean: readonly number[]
  deviation: readonly number[]
}): { patches: Float32Array; grid: { height: number; width: number } } {
  const grid = { height: height / patchSize, width: width / patchSize }
  const values = normalisedBytes({ scale, mean, deviation })
  const area = patchSize ** 2
  const patches = new Float32Array(grid.height * grid.width * 3 * temporalPatchSize * area)
  let at = 0
  for (let top = 0; top < grid.height; top += mergeSize)
    for (let left = 0; left < grid.width; left += mergeSize)
      for (let patch = 0; patch < mergeSize ** 2; patch++) {
        const y = (top + Math.floor(patch / mergeSize)) * patchSize
        const x = (left + (patch % mergeSize)) * patchSize
        for (let channel = 0; channel < 3; channel++) {
          const first = at
          for (let row = y; row < y + patchSize; row++)
            for (let column = x; column < x + patchSize; column++)
              patches[at++] = values[channel * 256 + (pixels[(row * width + column) * 3 + channel] ?? 0)] ?? 0
          for (let time = 1; time < temporalPatchSize; time++, at += area)
            patches.copyWithin(at, first, first + area)
        }
      }
  return { patches, grid }
}

/** What each byte becomes, by channel. */
function normalisedBytes({
  scale,
  mean,
  deviation,
}: {
  scale: number
  mean: readonly number[]
  deviation: readonly number[]
}): Float32Array {
  const values = new Float32Array(3 * 256)
  for (let channel = 0; channel < 3; channel++)
    for (let byte = 0; byte < 256; byte++)
      values[channel * 256 + byte] = (byte * scale - (mean[channel] ?? 0)) / (deviation[channel] ?? 1)
  return values
}
