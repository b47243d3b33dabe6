import type { Trajectory } from '../../core/trajectory.js'

/** Side of the square of pixels that one visual token stands for in Qwen2.5-VL. */
export const PATCH = 28

/** Visual tokens of all views of a trajectory: of each, sides in whole patches, rounded, one at least. */
export function visualTokens({ images }: Pick<Trajectory, 'images'>): number {
  const patches = (side: number): number => Math.max(1, Math.round(side / PATCH))
  return images.reduce(
    (total, { view }) => total + (view ? patches(view.width) * patches(view.height) : 0),
    0,
  )
}
