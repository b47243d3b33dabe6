import type { Operation } from '../core/execution.js'
import type { AnalysisKind, ToolAnalysis } from '../core/tool-analysis.js'

/** What an analysis may look at: the text of each call, and what the sandbox told of its run. Every trajectory is one. */
export interface AnalysedTrajectory {
  readonly calls: readonly {
    readonly call: { readonly code: string; readonly description?: string }
    readonly execution: { readonly status: 'ok' | 'error'; readonly operations: readonly Operation[] }
  }[]
}

/** Tells what the calls of trajectories did. */
export interface AnalysisSource {
  /** `static`: boxes are in the frame of the image that a call was given. `observed`: in that of the task's first image, and only of operations that were confirmed. */
  readonly kind: AnalysisKind
  /** For each trajectory, in their order, one analysis of each of its calls, in theirs. Many at once, since texts are read in batches. */
  analyse(trajectories: readonly AnalysedTrajectory[]): Promise<readonly (readonly ToolAnalysis[])[]>
}
