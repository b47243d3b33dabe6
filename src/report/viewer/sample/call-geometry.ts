import type { Box } from '../../../core/transform.js'
import type { Trajectory, TrajectoryCall } from '../../../core/trajectory.js'
import { compose, IDENTITY, invert, regionOf, type Affine } from '../../../sandbox/operations/affine.js'

export type Point = readonly [x: number, y: number]
/** Corners in order, in pixels of the image that they are drawn on. */
export type Outline = readonly Point[]

/** Where an image comes from: an image of the task, and the map from its pixels to those; null where that is not known. */
export interface Origin {
  root: number
  map: Affine | null
}

/** What can be drawn over the images of a trajectory. */
export interface Geometry {
  origins: readonly Origin[]
  /** The part of a call's input that its result shows; null where that is everything, or not known. */
  regionOf(call: TrajectoryCall): { outline: Outline; isVerified: boolean } | null
  /** A box of the first image as it lies in another; null where that is not known, or none of it is there. */
  place(box: Box, image: number): Outline | null
}

/** Follow every image of a trajectory back to the task's. */
export function geometryOf({ images, calls }: Pick<Trajectory, 'images' | 'calls'>): Geometry {
  const origins: Origin[] = []
  images.forEach(({ call: index }, position) => {
    const made = index === null ? undefined : calls[index]
    if (made === undefined) origins.push({ root: position, map: IDENTITY })
    else origins.push(originOf(made, origins))
  })
  const sizeOf = (index: number) => images[index] ?? { width: 0, height: 0 }
  return {
    origins,
    regionOf(call) {
      const { execution } = call
      if (execution.status !== 'ok') return null
      const size = sizeOf(inputOf(call))
      const map = inputMap(call)
      const isVerified = execution.operations.some(({ verified, box }) => verified && box !== null)
      const outline =
        map === null
          ? fromTask(shownBox(call), origins[inputOf(call)])
          : corners([0, 0, execution.image.width, execution.image.height], map)
      return outline === null || coversAll(outline, size) || !isInside(outline, size)
        ? null
        : { outline, isVerified }
    },
    place(box, image) {
      const origin = origins[image]
      if (origin?.root !== 0) return null
      const outline = fromTask(box, origin)
      return outline !== null && touches(outline, sizeOf(image)) ? outline : null
    },
  }
}

/** Index of the image that a call was given. */
export function inputOf({ call }: TrajectoryCall): number {
  return call.imageIndex ?? 0
}

function originOf(made: TrajectoryCall, origins: readonly Origin[]): Origin {
  const parent = origins[inputOf(made)]
  if (parent === undefined) return { root: -1, map: null }
  const map = inputMap(made)
  return { root: parent.root, map: parent.map === null || map === null ? null : compose(parent.map, map) }
}

/** From the pixels of a call's result to those of its input; null where an operation is no such map. */
function inputMap({ execution }: TrajectoryCall): Affine | null {
  if (execution.status !== 'ok') return null
  if (execution.unchanged) return IDENTITY
  const { operations } = execution
  if (operations.length === 0) return null
  const maps = operations.flatMap(({ affine }) => (affine?.length === 6 ? [affine as unknown as Affine] : []))
  return maps.length < operations.length ? null : maps.reduce((whole, map) => compose(whole, map), IDENTITY)
}

/** The part of the task's image that the pixels of a result were found to show. */
function shownBox({ execution }: TrajectoryCall): Box | null {
  return execution.operations.findLast(({ verified, box }) => verified && box !== null)?.box ?? null
}

function fromTask(box: Box | null, origin: Origin | undefined): Outline | null {
  const inverse = origin?.map == null ? null : invert(origin.map)
  return box === null || inverse === null ? null : corners(box, inverse)
}

function corners([left, top, right, bottom]: Box, [a, b, c, d, e, f]: Affine): Outline {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ].map(([x = 0, y = 0]): Point => [a * x + b * y + c, d * x + e * y + f])
}

interface Size {
  width: number
  height: number
}

function bounds(outline: Outline): Box {
  const xs = outline.map(([x]) => x)
  const ys = outline.map(([, y]) => y)
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

function touches(outline: Outline, { width, height }: Size): boolean {
  const [left, top, right, bottom] = bounds(outline)
  return right > 0 && bottom > 0 && left < width && top < height
}

/** An outline that reaches far beyond the image was made by operations that did not lead to the result. */
function isInside(outline: Outline, { width, height }: Size): boolean {
  const [left, top, right, bottom] = bounds(outline)
  return left >= -width && top >= -height && right <= 2 * width && bottom <= 2 * height
}

function coversAll(outline: Outline, { width, height }: Size): boolean {
  const [left, top, right, bottom] = bounds(outline)
  const whole = regionOf(IDENTITY, { width, height })
  const slack = Math.max(1, 0.005 * Math.max(width, height))
  return [left - whole[0], top - whole[1], right - whole[2], bottom - whole[3]].every(
    (gap) => Math.abs(gap) <= slack,
  )
}
