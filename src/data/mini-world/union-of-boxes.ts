import type { Box } from '../../core/transform.js'

/** Smallest box around all of them, grown on each side by a margin as far as the picture goes. */
export function unionOfBoxes({
  boxes,
  margin,
  width,
  height,
}: {
  boxes: readonly Box[]
  margin: number
  width: number
  height: number
}): Box {
  return [
    Math.max(0, Math.min(...boxes.map(([left]) => left)) - margin),
    Math.max(0, Math.min(...boxes.map(([, top]) => top)) - margin),
    Math.min(width, Math.max(...boxes.map(([, , right]) => right)) + margin),
    Math.min(height, Math.max(...boxes.map(([, , , bottom]) => bottom)) + margin),
  ]
}
