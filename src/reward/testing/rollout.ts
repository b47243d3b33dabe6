import type { AnalysedCall, RewardRollout } from '../group.js'

/** A call that succeeded, for tests. */
export function call(transforms: string | string[], ...cropBoxes: number[][]): AnalysedCall {
  return { ok: true, transforms: [transforms].flat(), cropBoxes }
}

/** A call that failed, for tests. */
export function failed(transforms: string | string[], ...cropBoxes: number[][]): AnalysedCall {
  return { ...call(transforms, ...cropBoxes), ok: false }
}

/** A rollout of the right form, for tests; the key is its number in the group. */
export function rollout(correct: boolean, ...calls: AnalysedCall[]): RewardRollout {
  return { key: '', correct, formatOk: true, calls }
}
