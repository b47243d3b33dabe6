import { judgeServer } from '../config/environment.js'
import type { EvaluationConfig } from '../config/evaluation-config.js'
import { UsageError } from '../core/errors.js'
import { rescore } from '../evaluation/rescore.js'
import type { ScoringProfile } from '../evaluation/score-answer.js'
import { renderTable } from '../evaluation/table.js'
import { loadJudge } from '../wiring.js'

/**
 * Score runs anew and print a table of each.
 * @param parameters.judge as the command line names it; undefined: JUDGE_MODEL.
 * @returns whether every run is complete.
 */
export async function scoreRuns({
  paths,
  profile,
  judge: named,
}: {
  paths: readonly string[]
  profile: ScoringProfile
  judge: string | undefined
}): Promise<boolean> {
  const judge = loadJudge(judgeOf(named))
  let isComplete = true
  for (const path of paths) {
    const summary = await rescore({ path, scoring: { profile, judge } })
    console.log(`${renderTable(summary)}\n\nWritten: ${path}/summary.${profile}.json\n`)
    isComplete &&= summary.isComplete
  }
  return isComplete
}

function judgeOf(named: string | undefined): EvaluationConfig['judge'] {
  const model = named ?? judgeServer().model
  if (model === 'none') return 'none'
  if (model !== null) return { model, reading: 'exact' }
  throw new UsageError(
    'Say who judges the answers that the rules cannot decide: --judge none (they count as wrong), or --judge MODEL with JUDGE_BASE_URL.',
  )
}
