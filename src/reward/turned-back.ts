import type { Trajectory } from '../core/trajectory.js'
import type { Transform } from '../core/transform.js'
import { inverseOf } from '../data/transforms/inverse.js'
import { observedAnalysis } from './analysis/observed-analysis.js'

/** Whether a call executed what undoes a transformation, as the pixels bear out; false where nothing was applied. */
export function turnedBack({
  transform,
  calls,
}: { transform: Transform } & Pick<Trajectory, 'calls'>): boolean {
  if (transform === 'none') return false
  const tool = inverseOf(transform)
  return calls.some(
    ({ execution }) => execution.status === 'ok' && observedAnalysis(execution).transforms.includes(tool),
  )
}
