import { loadJudgeConfig, type EvaluationOverrides } from '../config/evaluation-config.js'
import { describeJudgeUsage } from '../evaluation/run/model-usage.js'
import { rescore } from '../evaluation/rescore.js'
import type { ScoringProfile } from '../core/scoring-profile.js'
import { renderTable } from '../evaluation/table/table.js'
import { loadJudge } from '../wiring.js'
import { createRetryNotice } from './retry-notice.js'

/**
 * Score runs anew and print a table of each. A cap on the judge is one for all of them; when it is reached, no further run is begun.
 * @param parameters.judge as the command line names it; undefined: JUDGE_MODEL.
 * @returns whether every run is complete.
 */
export async function scoreRuns({
  paths,
  profile,
  judge: named,
  prices,
  cache = true,
}: {
  paths: readonly string[]
  profile: ScoringProfile
} & Pick<EvaluationOverrides, 'judge' | 'prices' | 'cache'>): Promise<boolean> {
  const warn = (message: string): void => console.error(message)
  const settings = await loadJudgeConfig({ judge: named, prices })
  const judge = loadJudge(settings, { cache, onRetry: createRetryNotice(), onWarning: warn })
  let isComplete = true
  for (const path of paths) {
    const { summary, judgeUsage, stoppedBy, notice } = await rescore({ path, scoring: { profile, judge } })
    if (notice !== null) warn(notice)
    console.log(`${renderTable(summary)}\n`)
    if (judgeUsage !== null) console.log(describeJudgeUsage(judgeUsage))
    console.log(`Written: ${path}/summary.${profile}.json\n`)
    isComplete &&= summary.isComplete
    if (stoppedBy === null) continue
    const kept = cache ? 'Verdicts so far are kept in the cache, so the same command goes on from there.' : ''
    console.log(`Stopped: ${stoppedBy} ${kept}`.trimEnd())
    return false
  }
  return isComplete
}
