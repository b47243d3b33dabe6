import { mean } from '../../core/mean.js'

/** What NeMo-Gym is told of many rollouts. */
export interface AggregateMetrics {
  group_level_metrics: Record<string, number>[]
  agent_metrics: Record<string, number>
  key_metrics: Record<string, number>
}

/** Mean, extremes, median and standard deviation of the rewards, task by task and over all. */
export function aggregateMetrics(
  answers: readonly { reward: number; _ng_task_index: number }[],
): AggregateMetrics {
  const byTask = new Map<number, number[]>()
  for (const { reward, _ng_task_index: task } of answers) {
    const known = byTask.get(task)
    if (known === undefined) byTask.set(task, [reward])
    else known.push(reward)
  }
  const groups = [...byTask].sort(([a], [b]) => a - b)
  const all = answers.map(({ reward }) => reward)
  const agent = all.length === 0 ? {} : statistics(all)
  return {
    group_level_metrics: groups.map(([task, rewards]) => ({
      ...statistics(rewards),
      _ng_task_index: task,
    })),
    agent_metrics: agent,
    key_metrics: all.length === 0 ? {} : { 'mean/reward': mean(all) },
  }
}

function statistics(values: readonly number[]): Record<string, number> {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2
  const average = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0)
  return {
    'mean/reward': average,
    'min/reward': sorted[0] ?? 0,
    'max/reward': sorted.at(-1) ?? 0,
    'median/reward': median,
    // Of a sample; of one value, 0.
    'std/reward': values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)),
  }
}
