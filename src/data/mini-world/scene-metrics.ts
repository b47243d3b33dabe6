import type { MiniWorldConfig } from './mini-world-config.js'
import { pixelsPerViewPixel } from './pixels-per-view-pixel.js'
import type { Family, Style } from './vocabulary.js'

/** Sizes of a scene in pixels of the picture; `cap` is the height of capital letters and digits. */
export interface SceneMetrics {
  width: number
  height: number
  /** Pixels of the picture for one of the view. */
  unit: number
  headingCap: number
  labelCap: number
  valueCap: number
  /** From one dot to the next. */
  dotPitch: number
  /** 0 to 1. */
  jitter: number
}

/** Width by height. */
const ASPECT: Readonly<Record<Style, number>> = {
  cards: 1,
  receipt: 0.72,
  sign: 1.2,
  table: 1.25,
  chart: 1.25,
  note: 0.85,
}

/** In pixels of the view: read without cropping in both families. */
const HEADING = 11
const LABEL = 9

/** How large everything is: headings and names can be read in the view; values and code in the family `read` only. */
export function sceneMetrics({
  config,
  family,
  style,
}: {
  config: MiniWorldConfig
  family: Family
  style: Style
}): SceneMetrics {
  const unit = pixelsPerViewPixel(config)
  const aspect = Math.sqrt(ASPECT[style])
  const valueCap = config[family === 'read' ? 'read-height' : 'find-height'] * unit
  return {
    width: Math.round(config.size * aspect),
    height: Math.round(config.size / aspect),
    unit,
    headingCap: HEADING * unit,
    labelCap: family === 'read' ? 0.85 * valueCap : LABEL * unit,
    valueCap,
    // In `find`, dots stand closer than two pixels of the view: no view that is that small can hold them apart.
    dotPitch: (family === 'read' ? 0.55 : 0.4) * valueCap,
    jitter: config.jitter,
  }
}

/** Height of head and foot together, in headings, names and values. */
const AROUND: Readonly<Record<Style, { headings: number; labels: number; values: number }>> = {
  cards: { headings: 2.2, labels: 0, values: 2.4 },
  receipt: { headings: 4.5, labels: 0, values: 3.2 },
  sign: { headings: 3.9, labels: 0, values: 2.2 },
  table: { headings: 1.8, labels: 2.7, values: 2.4 },
  chart: { headings: 2.5, labels: 0, values: 2.4 },
  note: { headings: 2.6, labels: 0, values: 2.4 },
}

/** Rows of things that stand clear of each other in a scene. */
export function rowsThatFit({ metrics, style }: { metrics: SceneMetrics; style: Style }): number {
  const { height, headingCap, labelCap, valueCap, dotPitch } = metrics
  const { headings, labels, values } = AROUND[style]
  const room = height - headings * headingCap - labels * labelCap - values * valueCap
  return Math.floor(room / Math.max(1.6 * labelCap, 3.4 * dotPitch, 1.4 * valueCap))
}
