import type { Transform } from '../../core/transform.js'
import type { Interval } from '../statistics/wilson.js'

/** Names of the transformations in the paper's tables. */
export const PRINTED_TRANSFORMS: Readonly<Record<Transform, string>> = {
  none: 'Source',
  rotate_90: 'Rot90',
  rotate_180: 'Rot180',
  rotate_270: 'Rot270',
  flip_horizontal: 'Hori',
  flip_vertical: 'Verti',
}

const NOTHING = '–'

/** A share as percent: `66.7 %`. */
export function percent(value: number | null): string {
  return value === null ? NOTHING : `${(value * 100).toFixed(1)} %`
}

/** An interval of a share: `20.8 % – 93.9 %`. */
export function percentInterval(interval: Interval | null): string {
  return interval === null ? NOTHING : `${percent(interval[0])} – ${percent(interval[1])}`
}

/** A difference of shares in percentage points: `+2.5`, `−0.4`. */
export function points(value: number | null): string {
  if (value === null) return NOTHING
  const text = (Math.abs(value) * 100).toFixed(1)
  return text === '0.0' ? text : `${value < 0 ? '−' : '+'}${text}`
}

/** An interval of a difference in percentage points: `−1.0 to +3.2`. */
export function pointsInterval(interval: Interval | null): string {
  return interval === null ? NOTHING : `${points(interval[0])} to ${points(interval[1])}`
}
