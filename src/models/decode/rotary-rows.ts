import type { TextConfig } from '../config/model-config.js'
import { ropeAngles } from '../text/rope-angles.js'

/** Positions whose numbers are computed together. */
const BLOCK = 64

/** Cosines and sines of positions of text (the same on all axes), each half of them padded with zeros: [2, paddedSize / 2]. Those of a position are computed once. */
export function createRotaryRows({
  config,
  paddedSize,
}: {
  config: TextConfig
  paddedSize: number
}): (position: number) => Float32Array {
  const blocks = new Map<number, Float32Array>()
  const half = config.headSize / 2
  const compute = (first: number): Float32Array => {
    const axis = Int32Array.from({ length: BLOCK }, (_, at) => first + at)
    const angles = ropeAngles({ positions: { axes: [axis, axis, axis] }, config })
    const rows = new Float32Array(BLOCK * paddedSize)
    for (const [at, angle] of angles.entries()) {
      const place = Math.floor(at / half) * paddedSize + (at % half)
      rows[place] = Math.cos(angle)
      rows[place + paddedSize / 2] = Math.sin(angle)
    }
    return rows
  }
  return (position) => {
    const within = position % BLOCK
    const first = position - within
    let block = blocks.get(first)
    if (block === undefined) blocks.set(first, (block = compute(first)))
    return block.subarray(within * paddedSize, (within + 1) * paddedSize)
  }
}
