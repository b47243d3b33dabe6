/**
 * How an answer is scored. `codevision`: the released recipe's answer check; `strict`: equality with an accepted answer; what their rules do not
 * decide goes to the judge, if there is one. The others reproduce how a benchmark's own code (`official`) or an evaluation kit scores it
 * (docs/scoring.md). Numbers of different profiles do not belong in one column.
 */
export const SCORING_PROFILES = ['codevision', 'strict', 'official', 'vlmevalkit', 'lmms_eval'] as const

export type ScoringProfile = (typeof SCORING_PROFILES)[number]

/** Profiles that reproduce others' code. */
export type BenchmarkProfile = Exclude<ScoringProfile, 'codevision' | 'strict'>
