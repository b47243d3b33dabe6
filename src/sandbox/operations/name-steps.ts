import { regionOf, scalesOf } from './affine.js'
import type { Step } from './claim.js'
import type { Orientation } from '../../core/orientation.js'
import { orientationOf, then } from './orientation.js'
import { PHOTOMETRIC } from './vocabulary.js'

/** What one step did, in the vocabulary. */
export interface NamedStep {
  step: Step
  names: string[]
}

/**
 * Name what each step did. Geometric names come from the maps, not from what the worker calls them; a transposition has none of its own and is named together
 * with the orientation step after it, or else before it, for what both do.
 */
export function nameSteps(steps: readonly Step[]): NamedStep[] {
  const orientations = mergeTranspositions(steps)
  return steps.map((step, index) => {
    const orientation = orientations[index]
    const names = step.names.flatMap((name) => {
      switch (name) {
        case 'orientation':
          return orientation === undefined || orientation === 'none' || !isNamed(orientation)
            ? []
            : [orientation]
        case 'crop':
          return crops(step) ? [name] : []
        case 'resize':
          return resizes(step) ? [name] : []
        default:
          return PHOTOMETRIC.has(name) ? [name] : []
      }
    })
    return { step, names }
  })
}

/** The orientation that a step may be named for, where it is such a step. */
export function ownOrientation({ names, affine }: Step): Orientation | undefined {
  if (!names.includes('orientation') || affine === null) return undefined
  return orientationOf(affine) ?? undefined
}

/** Whether the result of a step leaves out part of its input. */
export function crops({ affine, size: [width, height], from }: Step): boolean {
  if (affine === null) return false
  const [left, top, right, bottom] = regionOf(affine, { width, height })
  if (right <= 0 || bottom <= 0 || left >= from[0] || top >= from[1]) return false
  // A result that shows only some of the pixels lies beside the edge by less than it leaves out between them.
  const { across, down } = scalesOf(affine)
  const slack = Math.max(across, down) > 1 ? Math.max(across, down) : 1e-6
  return Math.max(left, top, from[0] - right, from[1] - bottom) > slack
}

function resizes({ affine }: Step): boolean {
  if (affine === null) return false
  const { across, down } = scalesOf(affine)
  return Math.abs(across - 1) > 1e-6 || Math.abs(down - 1) > 1e-6
}

function isNamed(orientation: Orientation): boolean {
  return orientation !== 'transpose' && orientation !== 'transverse'
}

/** One orientation for each step, or undefined; what belongs together is told at its last step, and `none` at the others. */
export function mergeTranspositions(steps: readonly Step[]): (Orientation | undefined)[] {
  const merged = steps.map(ownOrientation)
  let previous: number | undefined
  let waiting: number | undefined
  merged.forEach((orientation, index) => {
    if (orientation === undefined || orientation === 'none') return
    const before = waiting === undefined ? undefined : merged[waiting]
    const both = before === undefined ? orientation : then(before, orientation)
    if (waiting !== undefined) merged[waiting] = 'none'
    merged[index] = both
    waiting = isNamed(both) ? undefined : index
    if (isNamed(both) && both !== 'none') previous = index
  })
  const last = waiting === undefined ? undefined : merged[waiting]
  const first = previous === undefined ? undefined : merged[previous]
  if (waiting === undefined || previous === undefined || last === undefined || first === undefined)
    return merged
  merged[previous] = 'none'
  merged[waiting] = then(first, last)
  return merged
}
