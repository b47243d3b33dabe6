import type { PaperConfig } from '../config/reward-schema.js'
import { boxAreas, intersectionOverUnion } from './boxes.js'

/** How a crop is graded against its target. */
export type BoxSignal = PaperConfig['boxSignal']

/** Largest share that a crop earns by nearness alone is half of this: it lies against its target, has its size, and shows nothing of it. */
const NEARNESS = 0.25

/** Grade of a crop in [0, 1], 1 only for the target itself; 0 where one of them is no box. */
export function boxSignal({
  signal,
  target,
  crop,
}: {
  signal: BoxSignal
  target: readonly number[]
  crop: readonly number[]
}): number {
  switch (signal) {
    case 'iou':
      return intersectionOverUnion(target, crop)
    case 'graded':
      return gradedSignal(target, crop)
  }
}

/** Best grade of several crops; 0 without any. */
export function bestSignal({
  signal,
  target,
  crops,
}: {
  signal: BoxSignal
  target: readonly number[]
  crops: Iterable<readonly number[]>
}): number {
  let best = 0
  for (const crop of crops) best = Math.max(best, boxSignal({ signal, target, crop }))
  return best
}

/**
 * IoU + 0.25 · (1 − IoU) · √(smaller area / larger area) · (coverage + (union / hull)²) / 2, where coverage is the share of the target that is shown, and union / hull
 * the term by which generalised IoU (Rezatofighi et al., CVPR 2019) tells near misses from far ones. The root of the areas' ratio keeps crops of nearly everything,
 * or of nearly nothing, from earning by it.
 */
function gradedSignal(target: readonly number[], crop: readonly number[]): number {
  const areas = boxAreas(target, crop)
  if (areas === null) return 0
  const { own, other, intersection, union, hull } = areas
  const iou = Math.min(1, intersection / union)
  const likeness = Math.sqrt(Math.min(own, other) / Math.max(own, other))
  const nearness = Math.min(1, union / hull) ** 2
  const coverage = Math.min(1, intersection / own)
  return Math.min(1, iou + NEARNESS * (1 - iou) * likeness * ((coverage + nearness) / 2))
}
