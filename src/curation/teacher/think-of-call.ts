import { composeOrientations } from '../../data/transforms/compose-orientations.js'
import type { Random } from '../../data/demo/random.js'
import { inputOf, provokedBy, stepOf, type PlannedCall } from './plan-call.js'
import { isCrop } from './provoke/mistake.js'
import { quoteError } from './quote-error.js'
import { seenImage } from './seen-image.js'
import type { TurnContext } from './trajectory-writer.js'
import { turnSlots } from './turn-slots.js'
import { callThought } from './words/call-thought.js'
import { deedsOf } from './words/deeds.js'
import { nextThought } from './words/next-thought.js'
import { STATES } from './words/orientation-words.js'
import { failedThought, wrongThought } from './words/recovery-thought.js'

const OTHER_WAYS = [
  'write it differently',
  'try it in another way',
  'change that and run it again',
  'rewrite the call',
]

/** The thought before a call: the first look, what follows from the last result, or what follows from the last error. */
export function thinkOfCall({
  context,
  call,
  notes,
  random,
}: {
  context: TurnContext
  call: PlannedCall
  notes: readonly string[]
  random: Random
}): string {
  const { plan, progress, manner } = context
  const { step, operations, inputSize } = call
  const deeds = call.deeds ?? deedsOf({ operations, size: inputSize })
  const slots = turnSlots({ context, call, notes, random })
  const seen = seenImage({ plan, step })
  const last = progress.played.at(-1)
  const before = last === undefined ? undefined : stepOf({ plan, at: last.move.step })
  const common = { deeds, manner, random }

  if (last?.observation.status === 'failed') {
    const known =
      last.move.type === 'provoke'
        ? provokedBy({ ...context, move: last.move, step, imageIndex: inputOf({ progress, step }) })
        : null
    return failedThought({
      ...common,
      slots: {
        ...slots,
        error: quoteError(last.observation.text),
        cause: known?.cause ?? null,
        // Who fails again has not yet found what helps.
        ...(call.provoked === null
          ? { remedy: known?.remedy ?? null }
          : { remedy: random.pick(OTHER_WAYS), index: null }),
      },
    })
  }
  if (last?.move.type === 'provoke') {
    const { wrong } = provokedBy({
      ...context,
      move: last.move,
      step,
      imageIndex: inputOf({ progress, step }),
    })
    if (wrong !== null)
      return wrongThought({
        ...common,
        kind: wrong.kind,
        isUndone: call.isUndone,
        isUnsure: call.provoked !== null,
        state:
          STATES[
            wrong.kind === 'orientation'
              ? composeOrientations([seen.orientation, wrong.applied])
              : seen.orientation
          ],
        origin: STATES[seen.orientation],
        slots: { ...slots, effect: wrong.kind === 'photometric' ? wrong.effect : null },
      })
  }
  if (before === undefined || last?.move.type === 'provoke')
    return callThought({
      ...common,
      orientation: seen.orientation,
      corruption: seen.corruption,
      operations,
      isUnsure: call.provoked?.wrong != null,
      slots,
    })
  return nextThought({
    ...common,
    made: before.operations,
    operations,
    isSameImage: before.image === step.image,
    isNarrowing: seen.isCropped && operations.some(isCrop),
    slots,
  })
}
