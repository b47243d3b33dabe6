import type { Operation } from '../../core/execution.js'
import type { ToolAnalysis } from '../../core/tool-analysis.js'

/**
 * What a call did, as the sandbox saw it: only operations that the pixels bear out, in the order in which they led to the result, each name once. A box is the
 * region of the task's image that the whole call's result shows, also where it was cropped after a rotation, or out of an earlier result. A call that failed
 * left no image, so nothing of it is borne out.
 */
export function observedAnalysis({ operations }: { operations: readonly Operation[] }): ToolAnalysis {
  const verified = operations.filter((operation) => operation.verified)
  const transforms = verified.flatMap(({ op }) => (op === null ? [] : [op]))
  const boxes = verified.flatMap(({ op, box }) => (op === 'crop' && box !== null ? [[...box]] : []))
  const cropBoxes = [...new Map(boxes.map((box) => [box.join(), box])).values()]
  return { transforms: [...new Set(transforms)], cropBoxes }
}
