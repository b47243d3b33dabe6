import type { Random } from '../../../data/demo/random.js'
import { TRANSFORMS, type Box } from '../../../core/transform.js'
import type { Orientation } from '../../../core/orientation.js'
import { composeOrientations } from '../../../data/transforms/compose-orientations.js'
import { inverseOf } from '../../../data/transforms/inverse.js'
import type { PlannedOperation, PlannedStep, Size } from '../../plan/curation-plan.js'
import { pil } from '../code/operation-form.js'
import { isCrop, isOrientation, type OrientationOperation, type PhotometricOperation } from './mistake.js'
import type { Sabotage } from '../code/write-code.js'

/** Something that runs and does not do what is needed. */
export type WrongTool =
  | { kind: 'orientation'; operations: readonly [OrientationOperation]; applied: OrientationOperation['op'] }
  | { kind: 'region'; operations: readonly PlannedOperation[]; box: Box }
  | {
      kind: 'photometric'
      operations: readonly PlannedOperation[]
      sabotage: Sabotage
      deeds: string
      effect: string
    }

const TURNS = TRANSFORMS.filter((transform) => transform !== 'none')
/** Part of the right region that a wrong one may show at the most. */
const MOST_SHARED = 0.2
const TRIES = 40

/** A wrong tool for a step, `round` 0 or 1: a second one in a row differs from the first. */
export function wrongTool({
  step,
  round,
  random,
}: {
  step: PlannedStep
  round: number
  /** The same for both rounds. */
  random: Random
}): WrongTool {
  const { operations, inputSize } = step
  const turns = operations.filter(isOrientation).map(({ op }) => op)
  if (turns.length > 0) {
    const needed: Orientation = composeOrientations(turns)
    const others = random.shuffle(TURNS.filter((turn) => turn !== needed))
    const applied = others[round] ?? others[0] ?? 'rotate_180'
    return { kind: 'orientation', operations: [{ op: applied }], applied }
  }
  const crop = operations.find(isCrop)
  if (crop !== undefined) {
    const boxes = [random, random].map(() => elsewhere({ box: crop.box, size: inputSize, random }))
    const box = boxes[round] ?? crop.box
    return { kind: 'region', operations: [{ op: 'crop', box }], box }
  }
  const [first] = operations
  if (first === undefined || isCrop(first) || isOrientation(first))
    throw new RangeError('Expected a step with an operation, got one without any.')
  return wrongPhotometric({ operation: first, round })
}

/** What brings a wrongly turned image to where the step should have led, in one turn or mirror; null where it takes more. */
export function undoing({
  applied,
  needed,
}: {
  applied: OrientationOperation['op']
  needed: Orientation
}): OrientationOperation['op'] | null {
  const both = composeOrientations([inverseOf(applied), needed])
  return TURNS.find((turn) => turn === both) ?? null
}

/** A box of the same size in another place, as far away as chance finds one. */
function elsewhere({
  box: [left, top, right, bottom],
  size,
  random,
}: {
  box: Box
  size: Size
  random: Random
}): Box {
  const [width, height] = [Math.min(right - left, size.width), Math.min(bottom - top, size.height)]
  let [w, h] = [width, height]
  let best: Box = [0, 0, w, h]
  let bestShared = Infinity
  for (let tried = 0; tried < TRIES; tried++) {
    // Where the region fills the picture, only a smaller one can miss it.
    if (tried === TRIES / 2 && bestShared > MOST_SHARED)
      [w, h] = [Math.max(1, Math.round(width / 2)), Math.max(1, Math.round(height / 2))]
    const [x, y] = [random.integer(0, size.width - w), random.integer(0, size.height - h)]
    const across = Math.max(0, Math.min(x + w, right) - Math.max(x, left))
    const down = Math.max(0, Math.min(y + h, bottom) - Math.max(y, top))
    const shared = (across * down) / ((right - left) * (bottom - top))
    if (shared < bestShared) [best, bestShared] = [[x, y, x + w, y + h], shared]
    if (bestShared === 0) break
  }
  return best
}

function wrongPhotometric({
  operation,
  round,
}: {
  operation: PhotometricOperation
  round: number
}): WrongTool {
  const strength = round === 0 ? 2 : 4
  const [write, deeds, effect] = (
    {
      autocontrast: [
        (e: string) => `ImageEnhance.Contrast(${e}).enhance(${0.6 / strength})`,
        '{even out light and dark by lowering the contrast|take the harshness out by lowering the contrast}',
        'even paler than before',
      ],
      contrast_up: [
        (e: string) => `ImageEnhance.Contrast(${e}).enhance(${0.8 / strength})`,
        '{even out light and dark by lowering the contrast|soften the contrast a little}',
        'greyer than before',
      ],
      sharpen: [
        (e: string) => `${e}.filter(ImageFilter.GaussianBlur(${strength}))`,
        '{smooth $img with a blur|even out the strokes with a blur}',
        'softer than before, the edges have gone',
      ],
      median_blur: [
        (e: string) => `ImageEnhance.Sharpness(${e}).enhance(${strength + 1})`,
        '{sharpen $img|bring the letters out by sharpening}',
        'full of specks that stand out even more',
      ],
    } as const
  )[operation.op]
  return {
    kind: 'photometric',
    operations: [operation],
    sabotage: { at: 'operation', index: 0, form: pil(write) },
    deeds,
    effect,
  }
}
