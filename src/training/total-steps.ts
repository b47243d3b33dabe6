/** Steps of a training: as many as are said, else those of its passes over the data (a part of a pass counts to its nearest step), at least one. */
export function totalSteps({
  steps,
  passes,
  stepsPerPass,
}: {
  steps?: number | undefined
  passes: number
  stepsPerPass: number
}): number {
  return steps ?? Math.max(1, Math.round(passes * stepsPerPass))
}
