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
  const sizeOf = (index: number): Size => images[index] ?? { width: 0, height: 0 }
  images.forEach(({ call: index }, position) => {
    const made = index === null ? undefined : calls[index]
    const origin = made === undefined ? { root: position, map: IDENTITY } : originOf(made, origins)
    origins.push(made === undefined || agrees({ made, origin, sizeOf }) ? origin : { ...origin, map: null })
  })
  return {
    origins,
    regionOf(call) {
      const { execution } = call
      if (execution.status !== 'ok') return null
      const size = sizeOf(inputOf(call))
      const shown = shownBox(call)
      const parent = origins[inputOf(call)]
      const map = inputMap(call)
      const isRefuted = map !== null && parent?.map != null && origins[execution.imageIndex]?.map === null
      const outline =
        map === null || isRefuted ? fromTask(shown, parent) : corners(whole(execution.image), map)
      return outline === null || coversAll(outline, size) || !isNear(outline, size)
        ? null
        : { outline, isVerified: shown !== null }
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
  // A use of a tool tells nothing of where the pixels came from.
  const operations = execution.operations.filter(({ tool }) => tool === undefined)
  if (operations.length === 0) return null
  const maps = operations.flatMap(({ affine }) => (affine?.length === 6 ? [affine as unknown as Affine] : []))
  return maps.length < operations.length ? null : maps.reduce((whole, map) => compose(whole, map), IDENTITY)
}

/** Whether the operations of a call lead to the part of the task's image that its pixels were found to show; true where that was not looked for. */
function agrees({
  made,
  origin: { root, map },
  sizeOf,
}: {
  made: TrajectoryCall
  origin: Origin
  sizeOf: (index: number) => Size
}): boolean {
  const shown = shownBox(made)
  if (shown === null || map === null || made.execution.status !== 'ok') return true
  const task = sizeOf(root)
  const [left, top, right, bottom] = regionOf(map, made.execution.image)
  const region = [
    Math.max(0, left),
    Math.max(0, top),
    Math.min(task.width, right),
    Math.min(task.height, bottom),
  ]
  const slack = Math.max(3, 0.02 * Math.max(task.width, task.height))
  return region.every((edge, index) => Math.abs(edge - (shown[index] ?? edge)) <= slack)
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
function isNear(outline: Outline, { width, height }: Size): boolean {
  const [left, top, right, bottom] = bounds(outline)
  return left >= -width && top >= -height && right <= 2 * width && bottom <= 2 * height
}

function coversAll(outline: Outline, size: Size): boolean {
  const slack = Math.max(1, 0.005 * Math.max(size.width, size.height))
  const edges = bounds(outline)
  return whole(size).every((edge, index) => Math.abs(edge - (edges[index] ?? Infinity)) <= slack)
}

function whole({ width, height }: Size): Box {
  return [0, 0, width, height]
}
