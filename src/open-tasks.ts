import { parseLimit } from './config/parse-limit.js'
import type { GrpoConfig } from './config/training-schema.js'
import { asksJudge } from './core/scorer.js'
import { loadSuite, type Suite } from './data/load-suite.js'
import type { DownloadProgress } from './data/hub/fetch-dataset.js'
import { formatOf } from './data/locate-data.js'
import { planTasks, type Plan } from './evaluation/run/plan.js'
import { checkScoring } from './evaluation/scoring/check-scoring.js'
import type { Scoring } from './evaluation/scoring/score-answer.js'
import { suiteTasks, type TrainingTasks } from './training/training-tasks.js'
import { loadJudge, type JudgeOptions } from './wiring.js'

/** Tasks of a suite or of a file of rows, in the order in which they are planned. */
export interface OpenedTasks {
  suite: Suite
  plan: Plan
  tasks: TrainingTasks
}

/** Open what a configuration names. @throws UsageError, DataError. */
export async function openTasks({
  suite: named,
  data,
  transforms,
  limit,
  seed = 0,
  onWarning,
  onDownload,
}: Pick<GrpoConfig, 'suite' | 'data' | 'transforms' | 'limit'> & {
  seed?: number
  onWarning: (message: string) => void
  /** Told how far the download of a suite is. */
  onDownload?: ((progress: DownloadProgress) => void) | undefined
}): Promise<OpenedTasks> {
  // Else a file of another format would be taken for the name of a suite.
  if (named === undefined && data !== undefined) formatOf(data)
  const suite = await loadSuite({
    suite: named ?? data ?? '',
    ...(data !== undefined && { data }),
    ...(transforms !== undefined && { transforms }),
    seed,
    ...(onDownload && { onProgress: onDownload }),
  })
  const selection = {
    limit: limit === undefined ? null : parseLimit(String(limit)),
    sampleIds: null,
    shard: null,
  }
  const plan = await planTasks({ suite, selection })
  plan.notices.forEach(onWarning)
  return { suite, plan, tasks: suiteTasks({ suite, plan }) }
}

/** How answers to opened tasks are scored, with a judge that answers where one is asked. @throws UsageError, JudgeError. */
export async function openScoring({
  opened: { suite, plan, tasks },
  scoring: named,
  judge: asked,
  onRetry,
  onWarning,
}: Pick<GrpoConfig, 'scoring' | 'judge'> & {
  opened: OpenedTasks
  onRetry?: JudgeOptions['onRetry']
  onWarning: (message: string) => void
}): Promise<Scoring> {
  const profile = named ?? suite.definition?.scoring ?? 'codevision'
  const isJudged = asksJudge({ profile, scorer: tasks.scorer })
  const judge = isJudged ? loadJudge(asked, { ...(onRetry && { onRetry }), onWarning }) : null
  const { scoring, notice } = await checkScoring({ suite, plan, scoring: { profile, judge } })
  if (notice !== null) onWarning(notice)
  await judge?.check()
  return scoring
}
