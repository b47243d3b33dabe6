/** Learning rate of a step, from 0: it rises in a straight line while it warms up, then falls as a cosine does, to `finalShare` of the highest at the last step. */
export function learningRateAt({
  step,
  steps,
  highest,
  warmupSteps,
  finalShare,
}: {
  step: number
  steps: number
  highest: number
  warmupSteps: number
  finalShare: number
}): number {
  if (step < warmupSteps) return (highest * (step + 1)) / warmupSteps
  const part = Math.min(1, (step - warmupSteps) / Math.max(1, steps - 1 - warmupSteps))
  return highest * (finalShare + ((1 - finalShare) * (1 + Math.cos(Math.PI * part))) / 2)
}
