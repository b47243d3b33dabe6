import { inverseFrequencies } from '../layers/rotary.js'

/** Angles of the two-dimensional rotary embedding, [patches × headSize / 2]: the first half of the frequencies turns by the row, the second by the column. */
export function visionAngles({
  places,
  headSize,
  theta,
}: {
  places: readonly { row: number; column: number }[]
  headSize: number
  theta: number
}): Float32Array {
  const inverse = inverseFrequencies({ theta, size: headSize / 2 })
  const angles = new Float32Array(places.length * inverse.length * 2)
  let at = 0
  for (const { row, column } of places)
    for (const position of [row, column]) for (const step of inverse) angles[at++] = position * step
  return angles
}
