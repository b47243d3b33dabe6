import type { AnalysisProblem, ToolAnalyzer } from '../core/tool-analysis.js'
import type { AnalysisSource } from './analysis-source.js'

/**
 * What calls do as their code and description say, read as the released reward reads them; boxes in the frame of the image that a call was given. The calls of all
 * trajectories go to the analyzer at once. A text that could not be read does nothing (`onProblem` is told of it).
 */
export function staticSource({
  analyzer,
  onProblem = () => undefined,
  signal,
}: {
  analyzer: ToolAnalyzer
  onProblem?: (problem: AnalysisProblem) => void
  signal?: AbortSignal
}): AnalysisSource {
  return {
    kind: 'static',
    async analyse(trajectories) {
      const calls = trajectories.flatMap((trajectory) =>
        trajectory.calls.map(({ call: { code, description = '' } }) => ({ code, description })),
      )
      const analyses = await analyzer.analyze(calls, signal && { signal })
      for (const { problem } of analyses) if (problem !== null) onProblem(problem)
      let at = 0
      return trajectories.map((trajectory) => analyses.slice(at, (at += trajectory.calls.length)))
    },
  }
}
