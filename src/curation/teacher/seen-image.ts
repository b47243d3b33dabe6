import type { Orientation } from '../../core/orientation.js'
import { composeOrientations } from '../../data/transforms/compose-orientations.js'
import type { CurationPlan, PlannedStep } from '../plan/curation-plan.js'
import { isCrop, isOrientation } from './provoke/mistake.js'

/** What the image that a step works on looks like. */
export interface SeenImage {
  /** How it lies: what was applied to the canonical image and not undone. */
  orientation: Orientation
  /** What still spoils it. */
  corruption: string | null
  isCropped: boolean
}

/** Follow a step back to the image as given. */
export function seenImage({ plan, step }: { plan: CurationPlan; step: PlannedStep }): SeenImage {
  const given = plan.images[step.image]
  if (given === undefined) throw new RangeError(`Expected a plan with an image ${step.image}.`)
  if (step.from === 'given')
    return { orientation: given.transform, corruption: given.corruption, isCropped: false }
  const before = plan.steps[step.from]
  if (before === undefined || before === step)
    throw new RangeError(`Expected an earlier step ${step.from} in the plan.`)
  const { orientation, corruption, isCropped } = seenImage({ plan, step: before })
  const turns = before.operations.filter(isOrientation).map(({ op }) => op)
  const isMended = before.operations.some((one) => !isCrop(one) && !isOrientation(one))
  return {
    orientation: composeOrientations([orientation, ...turns]),
    corruption: isMended ? null : corruption,
    isCropped: isCropped || before.operations.some(isCrop),
  }
}
