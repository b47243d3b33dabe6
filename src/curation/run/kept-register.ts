import { createHash } from 'node:crypto'
import type { Trajectory } from '../../core/trajectory.js'
import { rejection, type Rejection } from '../verify/verdict.js'

/** No reasoning, names and numbers aside, has a larger share of what is kept. */
export const LARGEST_SKELETON_SHARE = 0.05

/** What is kept so far: decides what would be one too many. */
export interface KeptRegister {
  /** Why a trajectory may not be kept beside those that are; null: it may. */
  check(trajectory: Trajectory): Rejection | null
  add(trajectory: Trajectory): void
}

/**
 * Keep account of images, calls and reasoning of the kept trajectories. After each, no skeleton has more than 5 % of them (or one, while there are fewer than 20): what
 * is decided follows from those before alone.
 * @param parameters.skeletonOf the reasoning of a conversation with names and numbers masked.
 */
export function keptRegister({
  skeletonOf,
}: {
  skeletonOf: (messages: Trajectory['messages']) => string
}): KeptRegister {
  const trajectories = new Set<string>()
  const skeletons = new Map<string, number>()
  let kept = 0
  const skeleton = ({ messages }: Trajectory): string => digest(skeletonOf(messages))
  return {
    check(trajectory) {
      if (trajectories.has(identityOf({ trajectory, skeleton: skeleton(trajectory) })))
        return rejection(
          'duplicate',
          'The same calls over the same image with the same reasoning are kept already.',
        )
      const count = (skeletons.get(skeleton(trajectory)) ?? 0) + 1
      if (count <= Math.max(1, LARGEST_SKELETON_SHARE * (kept + 1))) return null
      return rejection(
        'common-skeleton',
        `${count - 1} of ${kept} kept trajectories reason in the same words; write it otherwise.`,
      )
    },
    add(trajectory) {
      const own = skeleton(trajectory)
      trajectories.add(identityOf({ trajectory, skeleton: own }))
      skeletons.set(own, (skeletons.get(own) ?? 0) + 1)
      kept++
    },
  }
}

function identityOf({ trajectory, skeleton }: { trajectory: Trajectory; skeleton: string }): string {
  const images = trajectory.images.filter(({ call }) => call === null).map(({ sha256 }) => sha256)
  const calls = trajectory.calls.map(({ call }) => [call.code, call.imageIndex ?? 0])
  return digest(JSON.stringify([images, calls, skeleton]))
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
