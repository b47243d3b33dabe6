import type { Operation } from '../../core/execution.js'
import { areaOf, intersect, regionOf, scalesOf } from './affine.js'
import type { Claim, Step } from './claim.js'
import { explainResult, type Explanation } from './explain-result.js'
import { boxIn, resultFrame, type Frame } from './frame.js'
import { mergeTranspositions, nameSteps, type NamedStep } from './name-steps.js'
import { neededOrientations } from './needed-orientations.js'
import { ORIENTATIONS, type Orientation } from '../../core/orientation.js'
import { orientationOf } from './orientation.js'
import { isGrey, isWitnessed } from './photometric-witness.js'
import { PixelRows, type PixelFile } from './pixel-rows.js'
import { PHOTOMETRIC } from './vocabulary.js'

/** A crop that leaves out less than this share of the image is none. */
const LEAST_CROPPED = 0.001

export interface ConfirmParameters {
  claim: Claim
  result: PixelFile
  /** The image that the result was made of, or is most likely to. */
  input: PixelFile
  /** Where that lies in the task's image; null where it is not known. */
  frame: Frame | null
}

export interface Confirmed {
  operations: Operation[]
  /** Where the result lies in the task's image; null where it is not known. */
  frame: Frame | null
}

/**
 * What the code did, as far as the pixels of its result bear it out. The claim comes from a process that hostile code ran in; here, outside of it and after its
 * end, the result is compared with its input under the map that the claim gives. What the pixels do not show is `verified: false`.
 * @throws SandboxError where the pixels cannot be read.
 */
export function confirmOperations({ claim, result, input, frame }: ConfirmParameters): Confirmed {
  const shown = new PixelRows(result)
  try {
    const source = new PixelRows(input)
    try {
      return confirm({ claim, result: shown, input: source, frame })
    } finally {
      source.close()
    }
  } finally {
    shown.close()
  }
}

/** The operations of a call that left no image: there is nothing that could bear them out. */
export function unconfirmedOperations({ steps }: Claim): Operation[] {
  return steps.flatMap((step) => nameSteps([step])).flatMap((named) => describe(named, () => false, null))
}

function confirm({
  claim,
  result,
  input,
  frame,
}: {
  claim: Claim
  result: PixelRows
  input: PixelRows
  frame: Frame | null
}): Confirmed {
  const explanation = explainResult({ claim, result, input })
  if (explanation === null) return { operations: unconfirmedOperations(claim), frame: null }
  const found = frame && resultFrame(frame, explanation)
  const path = [...unseenSteps(explanation, input), ...explanation.path]
  const judge = judgeOf({ explanation, path, result, input })
  const box = found && boxIn(found, result)
  const operations = nameSteps(path).flatMap((named, index) => describe(named, (op) => judge(op, index), box))
  const aside = claim.steps.filter((step) => !explanation.path.includes(step))
  return { operations: [...operations, ...unconfirmedOperations({ ...claim, steps: aside })], frame: found }
}

/** What the pixels show to have been done before the first step that a call told of. */
function unseenSteps({ start, startSize: { width, height } }: Explanation, input: PixelRows): Step[] {
  const from: [number, number] = [input.width, input.height]
  const isWhole = areaOf(regionOf(start, { width, height })) >= (1 - LEAST_CROPPED) * from[0] * from[1]
  if (isWhole && orientationOf(start) === 'none') return []
  const names = ['crop', 'orientation']
  return [{ call: 'pixels', args: [], names, affine: start, size: [width, height], from, path: true }]
}

function describe(
  { step: { call, args, affine }, names }: NamedStep,
  verify: (op: string | null) => boolean,
  box: Operation['box'],
): Operation[] {
  return (names.length === 0 ? [null] : names).map((op) => {
    const verified = verify(op)
    return { op, call, args, affine: affine && [...affine], box: verified ? box : null, verified }
  })
}

/** Decides whether the pixels bear out that step number `index` of the path did `op`. */
function judgeOf({
  explanation,
  path,
  result,
  input,
}: {
  explanation: Explanation
  path: readonly Step[]
  result: PixelRows
  input: PixelRows
}): (op: string | null, index: number) => boolean {
  const { map, start, domain } = explanation
  const needed = stepsThatTurn(path)
  const region = areaOf(intersect(regionOf(map, result), domain))
  const isCropped = region < (1 - LEAST_CROPPED) * input.width * input.height
  const [scale, before] = [scalesOf(map), scalesOf(start)]
  const isResized = isOther(scale.across, before.across) || isOther(scale.down, before.down)
  const photometric = nameSteps(path).flatMap(({ names }) => names.filter((name) => PHOTOMETRIC.has(name)))
  return (op, index) => {
    const step = path[index]
    if (op === null) return !explanation.isExact || !isIdentity(step)
    if (isOrientation(op)) return needed.has(index)
    if (op === 'crop') return isCropped
    if (op === 'resize') return isResized
    if (op === 'grayscale')
      return isGrey(result) && (!explanation.isExact || !isGrey(input) || result.mode === 'L')
    if (explanation.isExact) return false
    // Several leave a mixture that none of them can be told from.
    return photometric.length > 1 || isWitnessed({ op, comparison: { result, input, map } })
  }
}

function stepsThatTurn(path: readonly Step[]): ReadonlySet<number> {
  const turns = mergeTranspositions(path).flatMap((orientation, index) =>
    orientation === undefined || orientation === 'none' ? [] : [{ orientation, index }],
  )
  const needed = neededOrientations(turns.map(({ orientation }) => orientation))
  return new Set(turns.flatMap(({ index }, position) => (needed.has(position) ? [index] : [])))
}

function isOrientation(op: string): op is Orientation {
  return (ORIENTATIONS as readonly string[]).includes(op)
}

function isOther(one: number, other: number): boolean {
  return Math.abs(one / other - 1) > 1e-3
}

function isIdentity(step: Step | undefined): boolean {
  return step?.affine?.every((value, index) => value === [1, 0, 0, 0, 1, 0][index]) ?? false
}
