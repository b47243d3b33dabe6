import type { Box } from '../../core/transform.js'
import type { Size } from './curation-plan.js'

/**
 * How the evidence of an image shows in the view: `small`: it must be cropped from the original; `legible`: it can be read as it is; `unknown`: nobody says where
 * it stands, nor that it is small; `unclear`: neither can be relied on.
 */
export type Evidence = 'small' | 'legible' | 'unknown' | 'unclear'

/** Shorter side of the evidence's box in pixels of the view from which it counts as legible: one line of text about 9 pixels high, with its margins. */
export const LEGIBLE_SIDE = 20
/** The same where the row says that nothing need be cropped: it is believed, as long as the view is not far smaller than it was made for. */
const STATED_SIDE = 14
/** A crop must show the evidence this much larger to be worth a call. */
const LEAST_GAIN = 1.5

/** Pixels of the view for one of the image, along a side; an image is never enlarged. */
export function viewScale({ width, height, maxPixels }: Size & { maxPixels: number }): number {
  return Math.min(1, Math.sqrt(maxPixels / (width * height)))
}

/** What a row that says whether its evidence must be cropped says is taken; else, its size in the view decides. */
export function readEvidence({
  box,
  size,
  stated,
  maxPixels,
}: {
  /** In the upright image. */
  box: Box | null
  size: Size
  /** Whether the row says that it must be cropped; null: it does not say. */
  stated: boolean | null
  maxPixels: number
}): Evidence {
  if (box === null) return stated === true ? 'unclear' : 'unknown'
  const scale = viewScale({ ...size, maxPixels })
  const side = Math.min(box[2] - box[0], box[3] - box[1]) * scale
  const isSmall = stated ?? side < LEGIBLE_SIDE
  if (isSmall) return 1 / scale >= LEAST_GAIN ? 'small' : 'unclear'
  return side >= (stated === false ? STATED_SIDE : LEGIBLE_SIDE) ? 'legible' : 'unclear'
}
