import type { AnalysisSource } from './analysis-source.js'
import { observedAnalysis } from './analysis/observed-analysis.js'

/** What calls did as the sandbox saw it, from the recorded operations alone; boxes in the frame of the task's first image. */
export const observedSource: AnalysisSource = {
  kind: 'observed',
  analyse: async (trajectories) =>
    trajectories.map(({ calls }) => calls.map(({ execution }) => observedAnalysis(execution))),
}
