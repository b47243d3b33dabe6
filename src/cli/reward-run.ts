import { join } from 'node:path'
import type { RewardConfig } from '../config/reward-schema.js'
import type { ToolAnalyzer } from '../core/tool-analysis.js'
import { renderDisagreements } from '../evaluation/rewards/disagreement-table.js'
import { renderRewardTable } from '../evaluation/rewards/reward-table.js'
import { scoreRun } from '../evaluation/rewards/score-run.js'
import type { RewardSummary } from '../evaluation/rewards/summarize-rewards.js'
import { rewardFigure } from '../report/reward-figure.js'

/** Reward one run, and print its tables and where the files are. */
export async function rewardRun({
  path,
  reward,
  analyzer,
}: {
  path: string
  reward: RewardConfig
  analyzer: ToolAnalyzer | null
}): Promise<RewardSummary> {
  const { files, summary, disagreements } = await scoreRun({ path, reward, analyzer, draw: rewardFigure })
  console.log(`${renderRewardTable(summary)}\n`)
  if (disagreements !== null) console.log(`${renderDisagreements(disagreements)}\n`)
  const further = disagreements === null ? '' : `, ${join(path, 'rewards/disagreements.jsonl')}`
  console.log(`Written: ${join(path, files)}.jsonl, .json, .svg${further}\n`)
  return summary
}
