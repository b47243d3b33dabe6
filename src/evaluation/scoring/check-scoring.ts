import { UsageError } from '../../core/errors.js'
import { asksJudge, type Scorer } from '../../core/scorer.js'
import type { Suite } from '../../data/load-suite.js'
import type { Plan } from '../run/plan.js'
import type { Scoring } from './score-answer.js'
import { whyNotScorable } from './scorable.js'

/**
 * Check before a run starts that its profile can score its suite, on the first of its rows (all have one layout), and leave out a judge that
 * would never be asked.
 * @returns the scoring to run with, and what to tell: a judge is named in vain; null: nothing.
 * @throws UsageError that names the profiles that exist, or what the row lacks.
 */
export async function checkScoring({
  suite,
  plan,
  scoring,
}: {
  suite: Suite
  plan: Plan
  scoring: Scoring
}): Promise<{ scoring: Scoring; notice: string | null }> {
  const scorer = suite.definition?.scorer ?? 'none'
  const [first] = plan.tasks
  for await (const { task } of suite.tasks({ isWanted: (index) => index === first?.index })) {
    const why = whyNotScorable({ profile: scoring.profile, asked: { ...task, scorer } })
    if (why !== null) throw new UsageError(`${suite.name}, row ${task.id}: ${why}`)
  }
  return withNeededJudge({ scoring, scorers: [scorer] })
}

/** The scoring without its judge, where none of the scorers ever asks it. */
export function withNeededJudge({ scoring, scorers }: { scoring: Scoring; scorers: Iterable<Scorer> }): {
  scoring: Scoring
  notice: string | null
} {
  const { profile, judge } = scoring
  const used = [...scorers]
  if (judge === null || used.some((scorer) => asksJudge({ profile, scorer })))
    return { scoring, notice: null }
  const notice = `The judge ${judge.model} is left out: profile ${profile} decides by its own rules for ${used.join(', ')}.`
  return { scoring: { profile, judge: null }, notice }
}
