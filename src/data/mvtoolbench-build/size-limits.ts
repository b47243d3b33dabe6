import { boxArea, boxAround } from './boxes.js'
import type { ImageText, TextWord } from './image-text.js'
import type { DropReason } from './proposal.js'

/** How small the evidence of a question must be. */
export interface SizeLimits {
  /** Largest share of the image's area that a text which holds the answer may take (paper, section 3: 0.0001). */
  maxArea: number
  /** Pixels across the direction of writing below which text cannot be read. */
  minHeight: number
  /** Pixels of the view that the model is given; 0: whatever the view, only the area counts. */
  viewPixels: number
}

/** Where the answer takes several words: what holds all of them may take so many times `maxArea`, so that a crop still shows more than the view. */
export const SPREAD = 100

/**
 * Why the evidence is not small enough for a question that needs a crop; null if it is. Where the words of the answer stand in one region
 * (`isOneRegion`), the whole of it counts against the area; where they are counted one by one, each does.
 */
export function sizeProblem({
  evidence,
  isOneRegion,
  image: { width, height },
  limits: { maxArea, minHeight, viewPixels },
}: {
  evidence: readonly TextWord[]
  isOneRegion: boolean
  image: Pick<ImageText, 'width' | 'height'>
  limits: SizeLimits
}): DropReason | null {
  const pixels = width * height
  const around = boxAround(evidence.map(({ box }) => box))
  const regions = isOneRegion ? [around] : evidence.map(({ box }) => box)
  if (regions.some((box) => boxArea(box) > maxArea * pixels)) return 'text larger than the limit'
  if (boxArea(around) > SPREAD * maxArea * pixels) return 'evidence too far apart'
  const scale = viewPixels === 0 ? 0 : Math.min(1, Math.sqrt(viewPixels / pixels))
  return evidence.some((word) => word.height * scale >= minHeight) ? 'readable in the view' : null
}
