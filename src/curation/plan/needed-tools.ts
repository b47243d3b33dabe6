import type { CurationType, Provocation } from '../../core/curation.js'
import type { Transform } from '../../core/transform.js'
import { canNest } from './draw-windows.js'
import type { Material, MaterialPicture } from './material.js'

/** What must be done to an image before its evidence can be read. */
export interface NeededTools {
  readonly orientation: boolean
  readonly crop: boolean
  readonly photometric: boolean
}

export function neededTools({
  picture: { evidence, corruption },
  transform,
}: {
  picture: MaterialPicture
  transform: Transform
}): NeededTools {
  return {
    orientation: transform !== 'none',
    crop: evidence === 'small',
    photometric: corruption !== null,
  }
}

export function countTools({ orientation, crop, photometric }: NeededTools): number {
  return Number(orientation) + Number(crop) + Number(photometric)
}

/** Whether a row can become a trajectory of a type when its first image is transformed so, and the others are not. */
export function serves({
  material: { pictures },
  type,
  transform,
  provocation,
}: {
  material: Material
  type: CurationType
  transform: Transform
  provocation: Provocation | null
}): boolean {
  if (pictures.some(({ evidence }) => evidence === 'unclear')) return false
  const needs = pictures.map((picture, at) =>
    neededTools({ picture, transform: at === 0 ? transform : 'none' }),
  )
  const count = needs.reduce((total, needed) => total + countTools(needed), 0)
  switch (type) {
    case 'no-tool':
      return count === 0 && pictures.every(({ evidence }) => evidence === 'legible')
    case 'single-tool':
      return count === 1
    case 'multi-tool':
      return count >= 2
    case 'multi-crop':
      return pictures.some((picture) => isNestable(picture))
    case 'error-handling':
      // There is no wrong way round of a filter that a picture would show.
      return provocation === 'wrong-tool'
        ? needs.some(({ orientation, crop }) => orientation || crop)
        : count >= 1
  }
}

/** Whether crop windows can shrink twice at least on their way to the evidence. */
export function isNestable({ evidence, box, ...size }: MaterialPicture): boolean {
  return evidence === 'small' && box !== null && canNest({ box, ...size })
}
