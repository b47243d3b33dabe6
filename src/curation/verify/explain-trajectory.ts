import type { Trajectory, TrajectoryCall } from '../../core/trajectory.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'
import { arePixelsEqual, renderShown, type Shown } from '../pixels/shown.js'
import type { CurationPlan } from '../plan/curation-plan.js'
import { explainCall, type KnownImage } from './explain-call.js'
import { rejection, type Rejection } from './verdict.js'

/** A call that left an image, and what that shows. */
export interface ExplainedCall {
  /** Place in `trajectory.calls`. */
  readonly call: number
  readonly turn: number
  readonly known: KnownImage
  /** Pixels of the view for one of the upright image, along a side. */
  readonly scale: number
}

/**
 * Tell what every image of a trajectory shows of the upright ones, call by call; the task's images first, which must be what was planned.
 * @param parameters.canonical upright pixels of the task's images.
 * @param parameters.pixelsOf pixels of an image of the trajectory, by the hash of its file.
 */
export async function explainTrajectory({
  plan,
  trajectory,
  canonical,
  pixelsOf,
}: {
  plan: CurationPlan
  trajectory: Trajectory
  canonical: readonly PixelImage[]
  pixelsOf: (sha256: string) => Promise<PixelImage>
}): Promise<{ given: KnownImage[]; explained: ExplainedCall[] } | Rejection> {
  const images = new Map<number, KnownImage>()
  for (const [at, { transform }] of plan.images.entries()) {
    const upright = canonical[at]
    const record = trajectory.images[at]
    if (upright === undefined || record === undefined)
      return rejection('result-differs', `Expected image ${at} of the task in the trajectory, got none.`)
    const whole: Shown = { window: [0, 0, upright.width, upright.height], orientation: 'none' }
    const shown: Shown = { ...whole, orientation: transform }
    const source = { pixels: upright, shown: whole }
    const expected = await renderShown({ shown, source: upright, sourceShown: whole })
    if (expected === null || !arePixelsEqual(expected, await pixelsOf(record.sha256)))
      return rejection('result-differs', `Image ${at} of the task is not the upright one after ${transform}.`)
    images.set(at, { image: at, shown, source, operations: [] })
  }

  const given = [...images.values()]
  const explained: ExplainedCall[] = []
  for (const [at, { call, turn, execution }] of trajectory.calls.entries()) {
    if (execution.status === 'error') continue
    const input = images.get(call.imageIndex ?? 0)
    const task = input && plan.images[input.image]
    const known =
      input &&
      task &&
      (await explainCall({
        input,
        result: await pixelsOf(execution.image.sha256),
        operations: execution.operations,
        steps: plan.steps.filter(({ image }) => image === input.image),
        given: task,
      }))
    if (!known) return rejection('result-differs', describeUnknown({ at, call: trajectory.calls[at] }))
    images.set(execution.imageIndex, known)
    const view = trajectory.images[execution.imageIndex]?.view
    const [left, , right] = known.shown.window
    const isTurned = ['rotate_90', 'rotate_270', 'transpose', 'transverse'].includes(known.shown.orientation)
    const across = (isTurned ? view?.height : view?.width) ?? 0
    explained.push({ call: at, turn, known, scale: across / (right - left) })
  }
  return { given, explained }
}

function describeUnknown({ at, call }: { at: number; call: TrajectoryCall | undefined }): string {
  const result = call?.execution.status === 'ok' ? call.execution.image : null
  return `The result of call ${at + 1} (${result?.width} × ${result?.height} pixels) shows no region of the image in any orientation, pixel by pixel, nor a filtered one.`
}
