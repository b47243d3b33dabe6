import type { Box, Transform } from '../../core/transform.js'
import type { Page } from './page.js'

/** One call as the agent writes it. */
export interface CodeStep {
  thought: string
  description: string
  code: string
  /** Which image of the trajectory it works on. */
  imageIndex: number
}

/** What undoes an orientation, in the order in which it is tried where nothing speaks for one. */
export type Turn = Exclude<Transform, 'none'>

const TURNS: Readonly<Record<Turn, { words: string; code: string }>> = {
  rotate_90: {
    words: 'turning it by 90 degrees counter-clockwise',
    code: 'result = image.rotate(90, expand=True)',
  },
  rotate_180: { words: 'turning it upside down', code: 'result = image.rotate(180, expand=True)' },
  rotate_270: {
    words: 'turning it by 90 degrees clockwise',
    code: 'result = image.rotate(270, expand=True)',
  },
  flip_horizontal: { words: 'mirroring it left to right', code: 'result = ImageOps.mirror(image)' },
  flip_vertical: { words: 'mirroring it top to bottom', code: 'result = ImageOps.flip(image)' },
}

/** Turn the given image as a whole. */
export function turnStep({
  turn,
  imageIndex,
  why,
}: {
  turn: Turn
  imageIndex: number
  why: string
}): CodeStep {
  const { words, code } = TURNS[turn]
  return {
    thought: `${why} I try ${words}.`,
    description: `See whether the text reads after ${words}`,
    code,
    imageIndex,
  }
}

/**
 * Cut a region out of the full-resolution image and enlarge it as far as a view has room. The region is known in pixels of the
 * view only, so the code counts in parts of the width and height.
 */
export function cropStep({
  region,
  page,
  imageIndex,
  why,
  contrast = false,
}: {
  region: Box
  page: Page
  imageIndex: number
  why: string
  /** Spread the grey levels too, for text that did not read. */
  contrast?: boolean
}): CodeStep {
  const part = (pixels: number, of: number): string => (pixels / of).toFixed(4)
  const [left, top, right, bottom] = region
  const lines = [
    'w, h = image.size',
    `crop = image.crop((int(w * ${part(left, page.width)}), int(h * ${part(top, page.height)}), int(w * ${part(right, page.width)}), int(h * ${part(bottom, page.height)})))`,
    'scale = max(1, min(4, 2400 // crop.width, 1600 // crop.height))',
    ...(contrast ? ['crop = ImageOps.autocontrast(ImageOps.grayscale(crop), cutoff=1)'] : []),
    'result = crop.resize((crop.width * scale, crop.height * scale), Image.LANCZOS)',
  ]
  return {
    thought: why,
    description: contrast
      ? 'Crop the region, raise its contrast and enlarge it'
      : 'Crop the region and enlarge it',
    code: lines.join('\n'),
    imageIndex,
  }
}

/** Enlarge the whole image. */
export function enlargeStep({ imageIndex, why }: { imageIndex: number; why: string }): CodeStep {
  return {
    thought: why,
    description: 'Enlarge the whole image',
    code: 'result = image.resize((image.width * 2, image.height * 2), Image.LANCZOS)',
    imageIndex,
  }
}

/**
 * Parts of a page that overlap by about a tenth: three bands of an upright format, so that no line is cut, quarters of a landscape format,
 * which gain more from being enlarged.
 */
export function partsOf({ width, height }: Page): Box[] {
  const bands = height > width
  const [columns, rows] = bands ? [1, 3] : [2, 2]
  const x = Math.round(width * (bands ? 1 : 0.55))
  const y = Math.round(height * (bands ? 0.4 : 0.55))
  return Array.from({ length: columns * rows }, (_, index) => {
    const left = Math.round(((index % columns) * (width - x)) / Math.max(1, columns - 1))
    const top = Math.round((Math.floor(index / columns) * (height - y)) / (rows - 1))
    return [left, top, left + x, top + y] as const
  })
}
