import type { Random } from '../../../data/demo/random.js'
import type { Box } from '../../../core/transform.js'
import type { OperationForm } from '../code/operation-form.js'
import type { Sabotage } from '../code/write-code.js'
import type { PlannedOperation, Size } from '../../plan/curation-plan.js'

/** A mistake in code, and what its author says about it after reading the error. */
export interface Mistake {
  sabotage: Sabotage
  /** A clause: "the corners were in the wrong order". */
  cause: string
  /** What is done about it, in the form of "I will …". */
  remedy: string
}

/** One operation in which a mistake is made. */
export interface Spot<Operation extends PlannedOperation = PlannedOperation> {
  operation: Operation
  index: number
  /** Size of what the operation works on. */
  size: Size
  random: Random
}

/** A mistake in the writing of an operation. */
export function wrongForm({
  index,
  form,
  cause,
  remedy,
  lines = [],
}: {
  index: number
  form: OperationForm
  cause: string
  remedy: string
  lines?: readonly string[]
}): Mistake {
  return { sabotage: { at: 'operation', index, form, lines }, cause, remedy }
}

export type CropOperation = Extract<PlannedOperation, { box: Box }>
export type OrientationOperation = Extract<PlannedOperation, { op: `rotate_${string}` | `flip_${string}` }>
export type PhotometricOperation = Exclude<PlannedOperation, CropOperation | OrientationOperation>

export function isCrop(operation: PlannedOperation): operation is CropOperation {
  return operation.op === 'crop'
}

export function isOrientation(operation: PlannedOperation): operation is OrientationOperation {
  return operation.op.startsWith('rotate_') || operation.op.startsWith('flip_')
}

/** Counter-clockwise, as PIL counts. */
export function angleOf(op: OrientationOperation['op']): number | null {
  return op.startsWith('rotate_') ? Number(op.slice('rotate_'.length)) : null
}
