import type { CodeCall } from '../../core/code-call.js'
import type { ToolAnalysis } from '../../core/tool-analysis.js'
import type { BoxReason, Disagreement } from './disagreement.js'

/** Boxes whose edges are this close, in pixels, are the same. */
const TOLERANCE = 1
/** After one of these the code counts in other pixels than those of the image that it was given. */
const OTHER_PIXELS = /^(rotate_|flip_|resize$)/

export interface CompareBoxesParameters {
  call: CodeCall
  /** Boxes that the reader of texts found. */
  read: readonly (readonly number[])[]
  observed: ToolAnalysis
}

/** The boxes of a call that crops, where its two analyses differ in them: at most one disagreement. */
export function compareBoxes({ call, read, observed }: CompareBoxesParameters): Disagreement[] {
  const { cropBoxes } = observed
  const isSame =
    read.length === cropBoxes.length && read.every((box) => cropBoxes.some((other) => isClose(box, other)))
  if (isSame && read.length > 0) return []
  const reason = whyOther({ call, read, observed })
  return [{ kind: 'boxes', static: read.map((box) => [...box]), observed: cropBoxes, reason }]
}

function whyOther({ call, read, observed: { transforms, cropBoxes } }: CompareBoxesParameters): BoxReason {
  if (read.length === 0) return 'argument-unseen'
  if (cropBoxes.length === 0) return 'frame-unknown'
  if ((call.imageIndex ?? 0) !== 0 || transforms.some((name) => OTHER_PIXELS.test(name))) return 'other-frame'
  if (read.length > 1) return 'several-crops'
  return cropBoxes.every((box) => read.some((other) => isInside(box, other))) ? 'clipped' : 'other-values'
}

function isClose(one: readonly number[], other: readonly number[]): boolean {
  return one.every((edge, index) => Math.abs(edge - (other[index] ?? Number.NaN)) <= TOLERANCE)
}

function isInside(
  [left = 0, top = 0, right = 0, bottom = 0]: readonly number[],
  [outerLeft = 0, outerTop = 0, outerRight = 0, outerBottom = 0]: readonly number[],
): boolean {
  return left >= outerLeft && top >= outerTop && right <= outerRight && bottom <= outerBottom
}
