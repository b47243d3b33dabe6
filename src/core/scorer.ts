import type { ScoringProfile } from './scoring-profile.js'

/**
 * What a suite's answers are, and so whose rules can score them: `none`: open questions with accepted answers; `multiple-choice`: options with
 * letters; the others are a benchmark's own.
 */
export const SCORERS = ['none', 'multiple-choice', 'ocrbench', 'chartqapro', 'vstar', 'hrbench'] as const

export type Scorer = (typeof SCORERS)[number]

const OWN = ['codevision', 'strict'] as const

/** Profiles that there are for each scorer. */
export const PROFILES_OF: Readonly<Record<Scorer, readonly ScoringProfile[]>> = {
  none: OWN,
  'multiple-choice': [...OWN, 'vlmevalkit'],
  ocrbench: [...OWN, 'official', 'vlmevalkit', 'lmms_eval'],
  chartqapro: [...OWN, 'official', 'vlmevalkit', 'lmms_eval'],
  vstar: [...OWN, 'vlmevalkit', 'lmms_eval'],
  hrbench: [...OWN, 'vlmevalkit', 'lmms_eval'],
}

/** Whether the answer is an option. */
export function isChoice(scorer: Scorer): boolean {
  return scorer === 'multiple-choice' || scorer === 'vstar' || scorer === 'hrbench'
}

/** Whether the judge decides what the rules of a profile do not; else it is never asked. */
export function asksJudge({ profile, scorer }: { profile: ScoringProfile; scorer: Scorer }): boolean {
  if (profile === 'codevision' || profile === 'strict') return true
  if (profile === 'vlmevalkit') return isChoice(scorer)
  return profile === 'lmms_eval' && scorer === 'hrbench'
}
