import type { RolloutResult } from '../../agent/rollout.js'
import type { Task } from '../../core/task.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'
import { repeated, type Retries } from '../../evaluation/run/run-sample.js'
import { rgbPixels } from '../pixels/canonical-pixels.js'
import type { CurationPlan } from '../plan/curation-plan.js'
import type { Rejection } from '../verify/verdict.js'
import { verifyTrajectory } from '../verify/verify-trajectory.js'
import type { ItemTask } from './item-task.js'

/** Let the teacher play one plan; `attempt` counts from 0. */
export type Play = (request: {
  task: Task
  plan: CurationPlan
  attempt: number
  signal: AbortSignal
}) => Promise<RolloutResult>

/** A trajectory of an item, and why it is not good enough; null: it is. */
export interface Attempt {
  readonly result: RolloutResult
  readonly rejection: Rejection | null
}

/** The attempts at one item. */
export interface ItemAttempts {
  /** Rejected so far, by reason. */
  readonly rejected: readonly Rejection[]
  /** Attempts that were made. */
  readonly made: number
  /** The next trajectory that stands up to verification, or the last that does not, when no attempt is left. */
  next(): Promise<Attempt>
  /** Whether another attempt may be made. */
  hasNext(): boolean
  /** Give the last one up for a reason that verification cannot know. */
  reject(rejection: Rejection): void
}

/** Begin the attempts at an item. Each call of `next` throws what the machine did wrong, after its repetitions, and AbortError. */
export function attemptItem({
  plan,
  item: { task, canonical, boxes },
  play,
  attempts,
  retries,
  signal,
  onRejected,
}: {
  plan: CurationPlan
  item: ItemTask
  play: Play
  /** Most trajectories that are tried. */
  attempts: number
  retries: Retries
  signal: AbortSignal
  onRejected: (rejection: Rejection) => void
}): ItemAttempts {
  const rejected: Rejection[] = []
  let made = 0
  const reject = (rejection: Rejection): void => {
    rejected.push(rejection)
    onRejected(rejection)
  }
  const hasNext = (): boolean => made < attempts
  return {
    rejected,
    get made() {
      return made
    },
    hasNext,
    reject,
    async next() {
      for (;;) {
        const attempt = made++
        const result = await repeated({
          retries,
          signal,
          attempt: () => play({ task, plan, attempt, signal }),
        })
        const rejection = await verifyTrajectory({
          plan,
          trajectory: result.trajectory,
          answers: task.answers,
          boxes,
          canonical,
          pixelsOf: pixelReader(result),
        })
        if (rejection !== null) reject(rejection)
        if (rejection === null || !hasNext()) return { result, rejection }
      }
    },
  }
}

function pixelReader({ images }: RolloutResult): (sha256: string) => Promise<PixelImage> {
  return async (sha256) => {
    const png = await images.get(sha256)?.()
    if (png === undefined) throw new RangeError(`The rollout has no file of image ${sha256}.`)
    return rgbPixels(png)
  }
}
