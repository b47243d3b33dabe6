/** How often the rollouts of a group succeeded with and without any tool; names as the release logs them. */
export interface NecessityStatistics {
  acc_tool: number
  acc_no_tool: number
  total_with_tool: number
  correct_with_tool: number
  total_without_tool: number
  correct_without_tool: number
  /** max(0, acc_tool − acc_no_tool); 0 where every rollout used a tool. */
  r_necessity_value: number
}

export function necessityStatistics(
  rollouts: readonly { correct: boolean; usedAnyTool: boolean }[],
): NecessityStatistics {
  const of = (usedAnyTool: boolean): { total: number; correct: number; mean: number } => {
    let total = 0
    let correct = 0
    for (const rollout of rollouts) {
      if (rollout.usedAnyTool !== usedAnyTool) continue
      total++
      if (rollout.correct) correct++
    }
    return { total, correct, mean: total > 0 ? correct / total : 0 }
  }
  const [having, lacking] = [of(true), of(false)]
  return {
    acc_tool: having.mean,
    acc_no_tool: lacking.mean,
    total_with_tool: having.total,
    correct_with_tool: having.correct,
    total_without_tool: lacking.total,
    correct_without_tool: lacking.correct,
    r_necessity_value: lacking.total > 0 ? Math.max(0, having.mean - lacking.mean) : 0,
  }
}
