import { INFRASTRUCTURE_OUTCOMES } from '../../core/sample.js'
import type { SampleDigest } from './digest.js'

/** What a sample earned, from 0 to 1. */
export function creditOf({ value, outcome }: Pick<SampleDigest, 'value' | 'outcome'>): number {
  return value ?? Number(outcome === 'correct')
}

/** Whether a sample was scored, so that it is in the rates. */
export function isScored({ outcome }: Pick<SampleDigest, 'outcome'>): boolean {
  return outcome !== 'unusable' && !INFRASTRUCTURE_OUTCOMES.has(outcome)
}
