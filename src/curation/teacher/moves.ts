import type { CurationPlan } from '../plan/curation-plan.js'

/** One call of a trajectory as it is planned; `step` is an index into the plan's steps. */
export type Move =
  | { type: 'step'; step: number }
  /** What goes wrong first; `round` 0 or 1 of failures in a row. */
  | { type: 'provoke'; step: number; round: number }

/** The calls of a plan in order. */
export function movesOf({ steps, provocation }: Pick<CurationPlan, 'steps' | 'provocation'>): Move[] {
  return steps.flatMap((_, step) => {
    const failures = provocation?.step === step ? provocation.times : 0
    const provoked = Array.from({ length: failures }, (_, round): Move => ({ type: 'provoke', step, round }))
    return [...provoked, { type: 'step', step }]
  })
}
