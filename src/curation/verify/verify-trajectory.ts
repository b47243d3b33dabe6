import type { Box } from '../../core/transform.js'
import type { Trajectory } from '../../core/trajectory.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'
import { isStrictMatch } from '../../reward/strict.js'
import type { CurationPlan } from '../plan/curation-plan.js'
import { checkLeaks } from './check-leaks.js'
import { checkProvocation } from './check-provocation.js'
import { checkEnd, checkType, isCropped, leadsAway, showsTarget, type Target } from './check-route.js'
import { explainTrajectory, type ExplainedCall } from './explain-trajectory.js'
import { readTurns } from './read-turns.js'
import { rejection, type Rejection } from './verdict.js'

/** Turns that a teacher may take beyond those of the plan: to look back, or to undo. */
const SPARE_TURNS = 2

/**
 * Hold a trajectory against the upright images and its plan (paper, section 3: every result is compared with the canonical image). Calls need not be those of the
 * plan: another route is right where every result on it can be told from the upright image and the evidence is seen in the end.
 * @param parameters.boxes where the evidence stands in the upright images; null where that is not known.
 * @returns null where it may be kept.
 */
export async function verifyTrajectory({
  plan,
  trajectory,
  answers,
  boxes,
  canonical,
  pixelsOf,
}: {
  plan: CurationPlan
  trajectory: Trajectory
  answers: readonly string[]
  boxes: readonly (Box | null)[]
  /** Upright pixels of the task's images. */
  canonical: readonly PixelImage[]
  /** Pixels of an image of the trajectory, by the hash of its file. */
  pixelsOf: (sha256: string) => Promise<PixelImage>
}): Promise<Rejection | null> {
  const { calls, stop, messages, malformedCalls } = trajectory
  if (stop !== 'answer')
    return rejection('no-answer', `Expected an answer, but the rollout ended by ${stop}.`)
  if (malformedCalls > 0)
    return rejection('bad-format', `Expected calls that can be read, got ${malformedCalls} that cannot.`)
  const turns = readTurns(messages)
  if ('reason' in turns) return turns
  const answer = turns.at(-1)?.answer ?? ''
  if (!isStrictMatch({ answer, answers }))
    return rejection('wrong-answer', `Expected the answer "${answers[0]}", got "${answer}".`)
  const most =
    plan.steps.length + (plan.provocation?.times ?? 0) + 1 + (plan.type === 'no-tool' ? 0 : SPARE_TURNS)
  if (turns.length > most)
    return rejection('too-many-turns', `Expected at most ${most} turns, got ${turns.length}.`)

  const told = await explainTrajectory({ plan, trajectory, canonical, pixelsOf })
  if ('reason' in told) return told
  const { explained } = told
  const targets = plan.images.map((_, at): Target => ({
    box: boxes[at] ?? null,
    scale: givenScale({ trajectory, at, plan }),
  }))
  const targetOf = (call: ExplainedCall): Target => targets[call.known.image] as Target
  const route =
    checkProvocation({
      plan,
      trajectory,
      explained,
      isWrong: (call) => leadsAway({ call, target: targetOf(call) }),
    }) ??
    checkType({ type: plan.type, explained }) ??
    checkEnd({ plan, explained, targets })
  if (route !== null) return route

  // What must be cropped cannot be read before it is; of every image the first result that shows it, and of these the last.
  const firsts = plan.images.flatMap((_, image) =>
    isCropped(plan, image)
      ? [
          explained.find(
            (call) => call.known.image === image && showsTarget({ plan, call, target: targetOf(call) }),
          )?.turn ?? Infinity,
        ]
      : [],
  )
  return checkLeaks({
    plan,
    turns,
    firstShown: firsts.length === 0 ? null : Math.max(...firsts),
    numbers: [
      ...calls.map(({ call }) => call.code),
      ...trajectory.images.map(({ width, height }) => `${width} ${height}`),
    ],
  })
}

function givenScale({
  trajectory,
  at,
  plan,
}: {
  trajectory: Trajectory
  at: number
  plan: CurationPlan
}): number {
  const [width, view] = [plan.images[at]?.width ?? 1, trajectory.images[at]?.view?.width]
  return (view ?? width) / width
}
