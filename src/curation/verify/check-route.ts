import type { CurationType } from '../../core/curation.js'
import { TRANSFORMS, type Box } from '../../core/transform.js'
import { areaOf } from '../plan/draw-windows.js'
import type { CurationPlan } from '../plan/curation-plan.js'
import { holds } from '../pixels/shown.js'
import type { ExplainedCall } from './explain-trajectory.js'
import { rejection, type Rejection } from './verdict.js'

/** A crop must show the evidence at least this much larger than the image as given does. */
const LEAST_GAIN = 1.2
/** The next window of `multi-crop` has at most this share of the one before. */
const LARGEST_NEXT = 0.9

/** What must be seen of an image of the task. */
export interface Target {
  /** Of the evidence, upright; null: the whole image. */
  readonly box: Box | null
  /** Pixels of the view for one of the upright image, in the image as given. */
  readonly scale: number
}

/** Whether a result shows the evidence of its image as it must be seen: upright, and larger where the plan crops. */
export function showsTarget({
  plan,
  call: { known, scale },
  target,
}: {
  plan: CurationPlan
  call: ExplainedCall
  target: Target
}): boolean {
  const { shown, image } = known
  if (shown.orientation !== 'none') return false
  if (target.box !== null && !holds(shown.window, target.box)) return false
  return !isCropped(plan, image) || scale >= LEAST_GAIN * target.scale
}

/** Whether a result leads away from the evidence: it lies wrong, or leaves evidence out. */
export function leadsAway({ call: { known }, target }: { call: ExplainedCall; target: Target }): boolean {
  return known.shown.orientation !== 'none' || (target.box !== null && !holds(known.shown.window, target.box))
}

/** Every image that the plan works on is shown in the end as it must be seen, filters that the plan asks for included. */
export function checkEnd({
  plan,
  explained,
  targets,
}: {
  plan: CurationPlan
  explained: readonly ExplainedCall[]
  targets: readonly Target[]
}): Rejection | null {
  for (const [image, target] of targets.entries()) {
    const steps = plan.steps.filter((step) => step.image === image)
    if (steps.length === 0) continue
    const showing = explained.filter(
      (call) => call.known.image === image && showsTarget({ plan, call, target }),
    )
    if (showing.length === 0) {
      const cropped = isCropped(plan, image) ? ' and larger than in the view' : ''
      return rejection(
        'target-not-shown',
        `Expected a result that shows ${target.box === null ? 'the whole of' : `[${target.box.join(', ')}] of`} image ${image}, upright${cropped}, got none.`,
      )
    }
    const filters = steps.flatMap(({ operations }) =>
      operations.flatMap(({ op }) => (isFilter(op) ? [op] : [])),
    )
    const missing = filters.find((op) => !showing.some(({ known }) => known.operations.includes(op)))
    if (missing !== undefined)
      return rejection(
        'target-not-shown',
        `Expected a result of image ${image} after ${missing}, got none in which the sandbox observed it.`,
      )
  }
  return null
}

/** The calls that worked are those of the type. */
export function checkType({
  type,
  explained,
}: {
  type: CurationType
  explained: readonly ExplainedCall[]
}): Rejection | null {
  const differs = (expected: string): Rejection =>
    rejection('type-differs', `Expected ${expected} of ${type}, got ${explained.length} that worked.`)
  switch (type) {
    case 'no-tool':
      return explained.length === 0 ? null : differs('no call')
    case 'single-tool':
      return explained.length === 1 ? null : differs('one call')
    case 'multi-tool': {
      const operations = new Set(explained.flatMap(({ known }) => known.operations))
      return explained.length >= 2 || operations.size >= 2 ? null : differs('several operations')
    }
    case 'multi-crop':
      return doNest(explained) ? null : differs('windows that shrink, one inside the other,')
    case 'error-handling':
      return explained.length >= 1 ? null : differs('a call that works')
  }
}

function doNest(explained: readonly ExplainedCall[]): boolean {
  const crops = explained.filter(({ known }) => known.operations.includes('crop'))
  return crops.some((outer, at) =>
    crops.slice(at + 1).some(({ known }) => {
      const [window, inner] = [outer.known.shown.window, known.shown.window]
      const isSame = outer.known.image === known.image
      return isSame && holds(window, inner) && areaOf(inner) <= LARGEST_NEXT * areaOf(window)
    }),
  )
}

export function isCropped({ steps }: CurationPlan, image: number): boolean {
  return steps.some((step) => step.image === image && step.operations.some(({ op }) => op === 'crop'))
}

function isFilter(op: string): boolean {
  return op !== 'crop' && !(TRANSFORMS as readonly string[]).includes(op)
}
