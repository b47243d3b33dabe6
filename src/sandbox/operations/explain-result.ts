import {
  compose,
  IDENTITY,
  intersect,
  invert,
  mapRectangle,
  regionOf,
  type Affine,
  type Rectangle,
  type Size,
} from './affine.js'
import type { Claim, Step } from './claim.js'
import { isExact } from './exact-match.js'
import { findWindow } from './find-window.js'
import { ORIENTATIONS } from '../../core/orientation.js'
import { orientationMap, swapsSides } from './orientation.js'
import type { PixelRows } from './pixel-rows.js'
import { Structure } from './structure.js'

/** An environment that resizes what it gives to the code may change the aspect by this much. */
const SAME_ASPECT = 0.08

/** How the pixels of a result were found in its input. */
export interface Explanation {
  /** From the result to the input. */
  map: Affine
  /** From what the steps began with to the input; not the identity where something was done to it that no call told of. */
  start: Affine
  /** Size of what the steps began with. */
  startSize: Size
  /** Part of the input that the result can show: no step may have left the image and come back with more. */
  domain: Rectangle
  /** Whether every pixel is the input's. */
  isExact: boolean
  /** Steps on the way from input to result. */
  path: readonly Step[]
}

/**
 * Look for the result in the input: first where the steps say, pixel by pixel; then in any of the eight orientations, and, where its origin is not known, as a
 * window anywhere; at last by structure. @returns null where it is in none of these.
 */
export function explainResult({
  claim,
  result,
  input,
}: {
  claim: Claim
  result: PixelRows
  input: PixelRows
}): Explanation | null {
  const told = chainOf(claim, result)
  // Steps that do not fit together, or are no affine map, tell nothing; only pixels can.
  const isTold = told !== null && told.map !== null
  const chain = isTold ? { ...told, map: told.map ?? IDENTITY } : unknownChain(result)
  const domainOf = (start: Affine): Rectangle =>
    chain.windows.reduce<Rectangle>(
      (domain, window) => intersect(domain, mapRectangle(start, window)),
      [0, 0, input.width, input.height],
    )
  const explain = (start: Affine, isExactly: boolean): Explanation => ({
    ...chain,
    start,
    map: compose(start, chain.map),
    domain: domainOf(start),
    isExact: isExactly,
  })
  const starts = startsOf({ input, size: chain.startSize })
  const [straight = IDENTITY] = starts
  const isRight = isExact({ result, input, map: compose(straight, chain.map), domain: domainOf(straight) })
  // Steps that claim more than nothing of a result that is the input itself are made up, or undid each other.
  const isSameSize = result.width === input.width && result.height === input.height
  if (!isRight && isSameSize && chain.path.length > 0 && isExact({ result, input, map: IDENTITY }))
    return explainResult({ claim: { root: claim.root, size: claim.size, steps: [] }, result, input })
  const exact = isRight
    ? straight
    : starts
        .slice(1)
        .find((start) => isExact({ result, input, map: compose(start, chain.map), domain: domainOf(start) }))
  if (exact) return explain(exact, true)
  const isKnown = isTold && claim.root !== null
  if (!isKnown) {
    const found = findWindow({ result, input })
    const back = invert(chain.map)
    if (found && back) return explain(compose(found, back), true)
  }
  if (told !== null && !isTold) return null
  const structure = new Structure({ result, input, showsEdges: chain.path.some(showsEdges) })
  const similar = (isKnown ? starts.slice(0, 1) : starts).find((start) =>
    structure.holds(compose(start, chain.map), domainOf(start)),
  )
  return similar ? explain(similar, false) : null
}

interface Chain {
  path: readonly Step[]
  /** Size of what the first step worked on. */
  startSize: Size
  /** From the result to that; null where it is no affine map. */
  map: Affine | null
  /** What each step left of it. */
  windows: Rectangle[]
}

/** The steps that lead to the result, if they fit together. */
function chainOf({ root, size, steps }: Claim, result: PixelRows): Chain | null {
  const path = steps.filter((step) => step.path)
  const first = path[0]?.from ?? size
  if (first === null || (root !== null && size !== null && !isSame(first, size))) return null
  let current = first
  let map: Affine | null = IDENTITY
  const windows: Rectangle[] = []
  for (const step of path) {
    // What has no pixels shows none of them.
    if (!isSame(step.from, current) || step.from.includes(0)) return null
    current = step.size
    map = map === null || step.affine === null ? null : finite(compose(map, step.affine))
    if (map !== null) windows.push(regionOf(map, { width: current[0], height: current[1] }))
  }
  if (!isSame(current, [result.width, result.height])) return null
  return { path, startSize: { width: first[0], height: first[1] }, map, windows }
}

/** Of many steps even numbers that are bounded come to more than a number can be. */
function finite(map: Affine): Affine | null {
  return map.every(Number.isFinite) ? map : null
}

function unknownChain({ width, height }: PixelRows): Chain & { map: Affine } {
  return { path: [], startSize: { width, height }, map: IDENTITY, windows: [] }
}

/** What an image of this size may be of the input: itself, maybe resized, or itself in another orientation. */
function startsOf({ input, size }: { input: Size; size: Size }): Affine[] {
  return ORIENTATIONS.flatMap((orientation) => {
    const swapped = swapsSides(orientation)
    const across = (swapped ? input.height : input.width) / size.width
    const down = (swapped ? input.width : input.height) / size.height
    if (orientation !== 'none' && Math.abs(across / down - 1) > SAME_ASPECT) return []
    return [compose(orientationMap(orientation, input), [across, 0, 0, 0, down, 0])]
  })
}

function showsEdges({ names }: Step): boolean {
  return names.includes('edge_detect')
}

function isSame(one: readonly [number, number], other: readonly [number, number]): boolean {
  return one[0] === other[0] && one[1] === other[1]
}
