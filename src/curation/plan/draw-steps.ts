import type { CurationType } from '../../core/curation.js'
import type { Box, Transform } from '../../core/transform.js'
import type { Random } from '../../data/demo/random.js'
import { inverseOf } from '../../data/transforms/inverse.js'
import { transformedSize } from '../../data/transforms/transformed-size.js'
import type { PlannedOperation, PlannedStep, PhotometricTool, Size } from './curation-plan.js'
import { drawNestedWindows, drawWindow } from './draw-windows.js'
import type { MaterialPicture } from './material.js'
import { isNestable, neededTools } from './needed-tools.js'

/** Two operations in sequence are one call with this chance in a hundred. */
const CHAINED = 35
/** A finer window is cropped from the whole upright image, and not from the coarser one, with this chance in a hundred. */
const FROM_WHOLE = 25

const REMEDIES: Readonly<Record<string, readonly PhotometricTool[]>> = {
  noise: ['median_blur'],
  blur: ['sharpen'],
  'low-contrast': ['autocontrast', 'contrast_up'],
}

/** An operation with what its result shows of the upright image. */
type Part = { readonly operation: PlannedOperation | { readonly op: 'crop' }; readonly window: Box }

/**
 * Draw the calls that make one image legible: first upright, then cropped (in several windows for `multi-crop`), then cleaned of what spoils it. Each call works on
 * what the one before made.
 * @param parameters.first number of steps before these.
 */
export function drawSteps({
  picture,
  image,
  transform,
  type,
  first,
  maxPixels,
  random,
}: {
  picture: MaterialPicture
  /** Its place among the task's images. */
  image: number
  transform: Transform
  type: CurationType
  first: number
  /** Most pixels of what the model sees. */
  maxPixels: number
  random: Random
}): PlannedStep[] {
  const { width, height } = picture
  const whole: Box = [0, 0, width, height]
  const parts = partsOf({ picture, transform, type, maxPixels, random })
  const groups: Part[][] = []
  for (const part of parts) {
    const previous = groups.at(-1)
    // Windows from coarse to fine are looked at one by one.
    const isNext = part.operation.op === 'crop' && previous?.at(-1)?.operation.op === 'crop'
    if (previous !== undefined && !isNext && random.integer(1, 100) <= CHAINED) previous.push(part)
    else groups.push([part])
  }

  const given = transformedSize({ width, height, transform })
  const steps: PlannedStep[] = []
  // What the result of each step shows, and the last that shows the whole image upright.
  let shown: { from: PlannedStep['from']; window: Box; size: Size } = {
    from: 'given',
    window: whole,
    size: given,
  }
  let upright = transform === 'none' ? shown : null
  for (const group of groups) {
    const isFiner = group[0]?.operation.op === 'crop' && !isSame(shown.window, whole)
    if (isFiner && upright !== null && random.integer(1, 100) <= FROM_WHOLE) shown = upright
    const input = shown
    const last = group.at(-1)?.window ?? whole
    const resultSize = { width: last[2] - last[0], height: last[3] - last[1] }
    let window = input.window
    const operations = group.map(({ operation, window: after }): PlannedOperation => {
      const [left, top] = window
      window = after
      if (operation.op !== 'crop') return operation
      return { op: 'crop', box: [after[0] - left, after[1] - top, after[2] - left, after[3] - top] }
    })
    steps.push({ image, from: input.from, operations, inputSize: input.size, resultSize, window: last })
    shown = { from: first + steps.length - 1, window: last, size: resultSize }
    if (isSame(last, whole)) upright = shown
  }
  return steps
}

function partsOf({
  picture,
  transform,
  type,
  maxPixels,
  random,
}: Pick<Parameters<typeof drawSteps>[0], 'picture' | 'transform' | 'type' | 'maxPixels' | 'random'>): Part[] {
  const { width, height, grid, box, corruption } = picture
  const needed = neededTools({ picture, transform })
  const parts: Part[] = []
  let window: Box = [0, 0, width, height]
  if (transform !== 'none') parts.push({ operation: { op: inverseOf(transform) }, window })
  if (needed.crop && box !== null) {
    const asked = { box, width, height, grid, random, maxArea: maxPixels }
    const isNested = type === 'multi-crop' && isNestable(picture)
    for (const next of isNested ? drawNestedWindows(asked) : [drawWindow(asked)]) {
      window = next
      parts.push({ operation: { op: 'crop' }, window })
    }
  }
  const remedies = corruption === null ? [] : (REMEDIES[corruption] ?? [])
  if (remedies.length > 0) parts.push({ operation: { op: random.pick(remedies) }, window })
  return parts
}

function isSame(a: Box, b: Box): boolean {
  return a.every((edge, at) => edge === b[at])
}
