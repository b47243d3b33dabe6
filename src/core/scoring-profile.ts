/**
 * How an answer is scored. `codevision`: the released recipe's answer check; `strict`: equality with an accepted answer; what their rules do not
 * decide goes to the judge, if there is one. Numbers of different profiles do not belong in one column.
 */
export const SCORING_PROFILES = ['codevision', 'strict'] as const

export type ScoringProfile = (typeof SCORING_PROFILES)[number]
