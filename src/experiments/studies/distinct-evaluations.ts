import type { MeasuredSeed } from './measured-arm.js'

/** Seeds with an evaluation of their own: a checkpoint that is asked the same rows under every seed has one, which counts once. */
export function distinctEvaluations(seeds: readonly MeasuredSeed[]): MeasuredSeed[] {
  const byEvaluation = new Map<string, MeasuredSeed>()
  for (const seed of seeds) {
    const { evaluation } = seed.folders
    if (!byEvaluation.has(evaluation)) byEvaluation.set(evaluation, seed)
  }
  return [...byEvaluation.values()]
}
