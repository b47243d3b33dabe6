import type { Operation } from '../../core/execution.js'
import { ORIENTATIONS } from '../../core/orientation.js'
import { TRANSFORMS, type Box, type Transform } from '../../core/transform.js'
import { inverseOf } from '../../data/transforms/inverse.js'
import { mapBox } from '../../data/transforms/map-box.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'
import { transformedSize, type Size } from '../../data/transforms/transformed-size.js'
import { likeness } from '../pixels/likeness.js'
import {
  arePixelsEqual,
  holds,
  renderShown,
  sizeOfShown,
  thenCropped,
  thenOriented,
  type Shown,
} from '../pixels/shown.js'
import type { PlannedStep } from '../plan/curation-plan.js'

/** One of a trajectory's images, and what is known to be in it. */
export interface KnownImage {
  /** The image of the task that it shows. */
  readonly image: number
  readonly shown: Shown
  /** Its pixels are those of `source` in other places; null where a filter or a change of size has made others, so that nothing can be compared any more. */
  readonly source: { readonly pixels: PixelImage; readonly shown: Shown } | null
  /** Operations of the calls that led to it: those that the pixels bear out, and filters that were observed. */
  readonly operations: readonly string[]
}

/** Correlation from which a picture that a filter has changed counts as a picture of the same. */
const LEAST_LIKENESS = 0.55

/**
 * Tell what the result of a call shows of the upright image, from its pixels: those that the plan's steps would leave, those of the regions that the sandbox observed,
 * and all orientations are held against it. Without a filter the pixels must be exactly the same; with one, size and likeness must be right.
 * @returns null where the result shows nothing of that.
 */
export async function explainCall({
  input,
  result,
  operations,
  steps,
  given,
}: {
  input: KnownImage
  result: PixelImage
  /** As the sandbox observed them. */
  operations: readonly Operation[]
  /** Of the plan, over the same image of the task; those that come next first. */
  steps: readonly PlannedStep[]
  /** The task's image as given: its size, and what was applied to it. */
  given: Size & { transform: Transform }
}): Promise<KnownImage | null> {
  const verified = operations.filter((operation) => operation.verified)
  // Of filters the sandbox's observation is enough: what they leave is held against the region by its likeness.
  const names = operations.flatMap(({ op, verified }) =>
    op !== null && (verified || !isGeometric(op)) ? [op] : [],
  )
  const known = { image: input.image, operations: [...new Set([...input.operations, ...names])] }
  const candidates = distinct([
    ...steps.flatMap((step) => afterStep({ shown: input.shown, step })),
    // Whoever undoes a step from where it led does something else than was planned, and shows the same.
    ...steps.flatMap(({ window }) => everyWay(window)),
    ...observedWindows({ verified, given }).flatMap((window) => everyWay(window)),
    ...everyWay(input.shown.window),
  ]).filter(({ window }) => holds(input.shown.window, window))

  const { source } = input
  if (source !== null)
    for (const shown of candidates) {
      if (!isSize(sizeOfShown(shown), result)) continue
      const expected = await renderShown({ shown, source: source.pixels, sourceShown: source.shown })
      if (expected !== null && arePixelsEqual(expected, result)) return { ...known, shown, source }
    }
  if (!names.some((name) => !isGeometric(name))) return null

  const reference = source ?? null
  if (reference === null) {
    // Of a changed picture only the sandbox's own word is left.
    const [window] = observedWindows({ verified, given })
    return window === undefined
      ? null
      : { ...known, shown: { window, orientation: input.shown.orientation }, source: null }
  }
  let best: { shown: Shown; score: number } | null = null
  for (const shown of candidates) {
    if (!isProportional(sizeOfShown(shown), result)) continue
    const expected = await renderShown({ shown, source: reference.pixels, sourceShown: reference.shown })
    if (expected === null) continue
    const score = await likeness(expected, result)
    if (score > (best?.score ?? LEAST_LIKENESS)) best = { shown, score }
  }
  if (best === null) return null
  const { shown } = best
  const isScaled = !isSize(sizeOfShown(shown), result)
  return { ...known, shown, source: isScaled ? null : { pixels: result, shown } }
}

/** What a picture shows after a step's operations; filters leave it where it is. */
export function afterStep({ shown, step }: { shown: Shown; step: PlannedStep }): Shown[] {
  let after = shown
  for (const operation of step.operations) {
    if (operation.op === 'crop') {
      const { width, height } = sizeOfShown(after)
      if (!holds([0, 0, width, height], operation.box)) return []
      after = thenCropped(after, operation.box)
    } else if (isTransform(operation.op)) after = thenOriented(after, operation.op)
  }
  return [after]
}

/** Regions of the upright image that the sandbox saw in the result. */
function observedWindows({
  verified,
  given: { transform, ...size },
}: {
  verified: readonly Operation[]
  given: Size & { transform: Transform }
}): Box[] {
  const upright = transformedSize({ ...size, transform: inverseOf(transform) })
  return verified.flatMap(({ box }) => {
    if (box === null) return []
    const window = mapBox({ box, ...size, transform: inverseOf(transform) }).map(Math.round) as unknown as Box
    return holds([0, 0, upright.width, upright.height], window) ? [window] : []
  })
}

function everyWay(window: Box): Shown[] {
  return ORIENTATIONS.map((orientation) => ({ window, orientation }))
}

function distinct(list: readonly Shown[]): Shown[] {
  return [
    ...new Map(list.map((shown) => [JSON.stringify([shown.window, shown.orientation]), shown])).values(),
  ]
}

function isSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height
}

/** The same shape, whatever its size: sides that were rounded differ a little. */
function isProportional(a: Size, b: Size): boolean {
  const ratio = (b.width / b.height) * (a.height / a.width)
  return Math.abs(ratio - 1) < 0.05
}

function isTransform(op: string): op is Exclude<Transform, 'none'> {
  return op !== 'none' && (TRANSFORMS as readonly string[]).includes(op)
}

/** A name that only moves pixels, or leaves some out. */
function isGeometric(name: string): boolean {
  return name === 'crop' || (ORIENTATIONS as readonly string[]).includes(name)
}
