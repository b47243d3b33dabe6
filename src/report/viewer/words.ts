import type { Ending } from '../../core/sample.js'
import type { Transform } from '../../core/transform.js'

/** Names of the transformations in the paper's tables, and what they mean. */
export const TRANSFORM_NAMES: Readonly<Record<Transform, { short: string; long: string }>> = {
  none: { short: 'Source', long: 'as it was' },
  rotate_90: { short: 'Rot90', long: 'turned 90° counter-clockwise' },
  rotate_180: { short: 'Rot180', long: 'turned by 180°' },
  rotate_270: { short: 'Rot270', long: 'turned 270° counter-clockwise' },
  flip_horizontal: { short: 'Hori', long: 'mirrored left to right' },
  flip_vertical: { short: 'Verti', long: 'mirrored top to bottom' },
}

/** A sign beside the colour of an outcome, for those who do not see it. */
export const OUTCOME_SIGNS: Readonly<Record<Ending, string>> = {
  correct: '✓',
  wrong: '✕',
  unparsed: '?',
  truncated: '…',
  'turn-limit': '↻',
  'model-error': '!',
  'sandbox-error': '!',
  'judge-error': '!',
  unusable: '∅',
}

export const CALL_NAMES: Readonly<Record<string, string>> = {
  failed: 'a call failed',
  recovered: 'failed, then worked',
  emergent: 'emergent tool',
  none: 'no call',
}

export function percent(value: number | null, places = 1): string {
  return value === null ? '–' : `${(value * 100).toFixed(places)} %`
}

export function integer(value: number): string {
  return value.toLocaleString('en-US').replaceAll(',', '\u202f')
}

export function decimal(value: number | null, places = 1): string {
  return value === null ? '–' : value.toFixed(places)
}

/** What an answer earned, from 0 to 1: `0.4`, `1`. */
export function credit(value: number | null): string {
  return value === null ? '–' : String(Number(value.toFixed(3)))
}

/** Milliseconds as people say them. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export function plural(count: number, noun: string): string {
  return `${integer(count)} ${noun}${count === 1 ? '' : 's'}`
}
