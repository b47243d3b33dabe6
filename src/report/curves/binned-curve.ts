export interface CurvePoint {
  readonly step: number
  readonly value: number
}

/**
 * A curve of at most `most` points: where a training has more steps that have a value, each point is the mean of as many neighbouring ones, at the last of their steps.
 * @param parameters.values one for each of `steps`; null where a step has none
 */
export function binnedCurve({
  steps,
  values,
  most,
}: {
  steps: readonly number[]
  values: readonly (number | null)[]
  most: number
}): CurvePoint[] {
  const points = steps.flatMap((step, at): CurvePoint[] => {
    const value = values[at] ?? null
    return value === null ? [] : [{ step, value }]
  })
  const size = Math.ceil(points.length / most)
  if (size <= 1) return points
  const bins: CurvePoint[] = []
  for (let first = 0; first < points.length; first += size) {
    const bin = points.slice(first, first + size)
    const sum = bin.reduce((total, { value }) => total + value, 0)
    bins.push({ step: bin.at(-1)?.step ?? 0, value: sum / bin.length })
  }
  return bins
}
