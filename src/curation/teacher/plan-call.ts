import type { Orientation } from '../../core/orientation.js'
import { createRandom } from '../../data/demo/random.js'
import { composeOrientations } from '../../data/transforms/compose-orientations.js'
import { transformedSize } from '../../data/transforms/transformed-size.js'
import type { PlannedOperation, PlannedStep, Size } from '../plan/curation-plan.js'
import { writeCode } from './code/write-code.js'
import type { Move } from './moves.js'
import { isOrientation } from './provoke/mistake.js'
import { provokedCall, type ProvokedCall } from './provoke/provoked-call.js'
import { undoing } from './provoke/wrong-tool.js'
import { toldSize } from './told-sizes.js'
import type { TurnContext } from './trajectory-writer.js'

/** A call that is about to be written. */
export interface PlannedCall {
  move: Move
  step: PlannedStep
  code: string
  imageIndex: number
  /** Image that is meant; the same, unless the index is wrong on purpose. */
  inputIndex: number
  /** What is meant to be done, on an image of this size. */
  operations: readonly PlannedOperation[]
  inputSize: Size
  /** Template of what is done, where it is none of the operations. */
  deeds: string | null
  /** What is worth saying about the code. */
  notes: readonly string[]
  /** Null for a call that is meant to go well. */
  provoked: ProvokedCall | null
  /** It works on the result of a wrong tool and puts that right. */
  isUndone: boolean
}

type CallContext = Pick<TurnContext, 'plan' | 'progress' | 'request' | 'seed'>

/** Decide what a move does in the state that the conversation has come to. */
export function planCall({ move, ...context }: CallContext & { move: Move }): PlannedCall {
  const step = stepOf({ ...context, at: move.step })
  const imageIndex = inputOf({ ...context, step })
  const sizeIsTold = toldSize({ messages: context.request.messages, imageIndex }).full !== null
  if (move.type === 'provoke') {
    const provoked = provokedBy({ ...context, move, step, imageIndex })
    return {
      move,
      step,
      code: provoked.code,
      imageIndex: provoked.imageIndex,
      inputIndex: imageIndex,
      operations: provoked.wrong?.operations ?? step.operations,
      inputSize: step.inputSize,
      deeds: provoked.wrong?.kind === 'photometric' ? provoked.wrong.deeds : null,
      notes: [],
      provoked,
      isUndone: false,
    }
  }
  const undone = undo({ ...context, step, imageIndex })
  const random = createRandom({ seed: `${context.seed}/code/${move.step}/${context.progress.retries}` })
  const input = undone ?? { imageIndex, operations: step.operations, inputSize: step.inputSize }
  const { code, notes } = writeCode({ ...input, sizeIsTold, random })
  return {
    move,
    step,
    code,
    notes,
    ...input,
    inputIndex: input.imageIndex,
    deeds: null,
    provoked: null,
    isUndone: undone !== null,
  }
}

/** The provoked call of a move, as it was or will be written. */
export function provokedBy({
  plan,
  progress,
  request,
  seed,
  move,
  step,
  imageIndex,
}: CallContext & {
  move: Extract<Move, { type: 'provoke' }>
  step: PlannedStep
  imageIndex: number
}): ProvokedCall {
  return provokedCall({
    plan,
    step,
    round: move.round,
    seed,
    imageIndex,
    // Calls that are meant to fail add none, so it is the same before and after.
    imageCount: progress.imageCount,
    sizeIsTold: toldSize({ messages: request.messages, imageIndex }).full !== null,
  })
}

export function stepOf({ plan, at }: Pick<CallContext, 'plan'> & { at: number }): PlannedStep {
  const step = plan.steps[at]
  if (step === undefined) throw new RangeError(`Expected a step ${at}, got a plan of ${plan.steps.length}.`)
  return step
}

/** Image that a step works on. */
export function inputOf({ progress, step }: Pick<CallContext, 'progress'> & { step: PlannedStep }): number {
  return step.from === 'given' ? step.image : (progress.made.get(step.from) ?? step.image)
}

/** After a wrong turn, some go on from its result. */
function undo({
  plan,
  progress,
  seed,
  request,
  step,
  imageIndex,
}: CallContext & { step: PlannedStep; imageIndex: number }): {
  imageIndex: number
  operations: readonly PlannedOperation[]
  inputSize: Size
} | null {
  const last = progress.played.at(-1)
  if (last?.move.type !== 'provoke' || last.observation.status !== 'ok') return null
  const { wrong } = provokedBy({ plan, progress, seed, request, move: last.move, step, imageIndex })
  if (wrong?.kind !== 'orientation' || createRandom({ seed: `${seed}/undo` }).integer(0, 99) >= 45)
    return null
  const turns = step.operations.filter(isOrientation)
  const rest = step.operations.slice(turns.length)
  // Turns among other work could not be put together.
  if (rest.some(isOrientation)) return null
  const needed: Orientation = composeOrientations(turns.map(({ op }) => op))
  const op = undoing({ applied: wrong.applied, needed })
  if (op === null) return null
  return {
    imageIndex: last.observation.imageIndex,
    operations: [{ op }, ...rest],
    inputSize: transformedSize({ ...step.inputSize, transform: wrong.applied }),
  }
}
