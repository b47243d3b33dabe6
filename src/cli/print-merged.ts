import { basename, dirname } from 'node:path'
import { renderFailures } from '../evaluation/run/failures.js'
import { mergeEvaluations } from '../evaluation/merge-evaluations.js'
import { describeJudgeUsage, describePolicyUsage } from '../evaluation/run/model-usage.js'
import { renderTable } from '../evaluation/table/table.js'

/** Merge runs, and print what came of each and the table of the whole. @returns whether nothing is missing. */
export async function printMerged({
  paths,
  output,
}: {
  paths: readonly string[]
  output: string
}): Promise<boolean> {
  const { path, taken, conflicts, derived } = await mergeEvaluations({ paths, output })
  const { summary, costs, failures } = derived
  if (conflicts.length > 0)
    console.error(
      `${conflicts.length} samples were finished differently in two runs, such as ${conflicts[0]}; that of the run named first was taken.`,
    )
  console.log(`\n${renderTable(summary)}\n`)
  if (costs.policy !== null) console.log(describePolicyUsage(costs.policy))
  if (costs.judge !== null) console.log(describeJudgeUsage(costs.judge))
  for (const [index, count] of taken.entries()) console.log(`${paths[index]}: ${count} samples`)
  const reasons = renderFailures(failures)
  if (reasons.length > 0) console.log(reasons.join('\n'))
  if (!summary.isComplete)
    console.log(
      `Not all of ${summary.planned} samples are finished. To go on: the command of these runs without --shard, with --name ${basename(path)} --output ${dirname(path)} --resume`,
    )
  console.log(`Run: ${path}`)
  return summary.isComplete
}
