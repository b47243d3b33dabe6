import type { StaticAnalysis, ToolAnalyzer } from '../../core/tool-analysis.js'
import { compareAnalyses } from '../../reward/analysis/compare-analyses.js'
import type { Disagreement } from '../../reward/analysis/disagreement.js'
import type { FinishedSample } from '../../reward/sample-groups.js'

/** A line of rewards/disagreements.jsonl: what the two analyses of one call differ in. */
export type DisagreementLine = Disagreement & {
  /** Key of the sample. */
  key: string
  /** Index of the call in its trajectory. */
  call: number
}

/** Where the reading of calls and the watching of their runs disagree, over some samples. */
export async function runDisagreements({
  samples,
  analyzer,
  signal,
}: {
  samples: readonly FinishedSample[]
  analyzer: ToolAnalyzer
  signal?: AbortSignal
}): Promise<{ calls: number; lines: DisagreementLine[] }> {
  const calls = samples.flatMap(({ key, trajectory }) =>
    trajectory.calls.map(({ call, execution }, index) => ({ key, index, call, execution })),
  )
  const analyses = await analyzer.analyze(
    calls.map(({ call: { code, description = '' } }) => ({ code, description })),
    signal && { signal },
  )
  const lines = calls.flatMap(({ key, index, call, execution }, position) => {
    const read = analyses[position] as StaticAnalysis
    return compareAnalyses({ call, execution, read }).map((each) => ({ key, call: index, ...each }))
  })
  return { calls: calls.length, lines }
}
