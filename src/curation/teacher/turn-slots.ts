import type { Random } from '../../data/demo/random.js'
import { isCrop } from './provoke/mistake.js'
import type { PlannedCall } from './plan-call.js'
import { toldSize } from './told-sizes.js'
import type { TurnContext } from './trajectory-writer.js'
import type { Slots } from './words/expand.js'

/** What a thought can say about the turn; null: what its author cannot know or has no word for. */
export function turnSlots({
  context: { plan, request, progress, asked },
  call,
  notes = [],
  random,
}: {
  context: Omit<TurnContext, 'seed' | 'manner'>
  /** Absent: the answer. */
  call?: PlannedCall
  notes?: readonly string[]
  random: Random
}): Slots {
  const { short, target, isPlural, clause } = asked
  const count = plan.images.length
  const told = toldSize({ messages: request.messages, imageIndex: call?.inputIndex ?? 0 })
  const isReduced = told.full !== null && told.view !== null && told.view.width < told.full.width
  const box = call?.operations.find(isCrop)?.box
  const isPlaced = box !== undefined && told.full !== null
  const last = progress.played.at(-1)?.observation
  const size = (of: { width: number; height: number }): string => `${of.width} × ${of.height}`
  return {
    img:
      call === undefined && count > 1
        ? null
        : imageWords({ imageIndex: call?.step.image ?? 0, count, random }),
    imgs: count > 1 ? (count === 2 ? 'both images' : 'all the images') : null,
    short,
    target,
    clause,
    is: isPlural ? 'are' : 'is',
    was: isPlural ? 'were' : 'was',
    it: isPlural ? 'they' : 'it',
    s: isPlural ? '' : 's',
    answer: answerWords(plan.answer),
    view: isReduced && told.view !== null ? size(told.view) : null,
    full: isReduced && told.full !== null ? size(told.full) : null,
    left: isPlaced ? String(box[0]) : null,
    top: isPlaced ? String(box[1]) : null,
    right: isPlaced ? String(box[2]) : null,
    bottom: isPlaced ? String(box[3]) : null,
    cropsize: isPlaced ? `${box[2] - box[0]} × ${box[3] - box[1]}` : null,
    note: notes.length > 0 ? random.pick(notes) : null,
    index: call === undefined ? null : String(call.inputIndex),
    last: last?.status === 'ok' ? String(last.imageIndex) : null,
  }
}

function imageWords({
  imageIndex,
  count,
  random,
}: {
  imageIndex: number
  count: number
  random: Random
}): string {
  const noun = random.pick(['image', 'image', 'picture'])
  if (count === 1) return `the ${noun}`
  return `the ${['first', 'second', 'third', 'fourth'][imageIndex] ?? `${imageIndex + 1}th`} ${noun}`
}

/** Numbers stand as they are, words and codes in quotation marks. */
function answerWords(answer: string): string {
  const plain = answer.trim()
  return /^[\d.,:%$€£+-]+$/.test(plain) ? plain : `"${plain.replaceAll('"', "'")}"`
}
