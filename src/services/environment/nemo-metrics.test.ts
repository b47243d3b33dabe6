import { expect, test } from '@jest/globals'
import { aggregateMetrics } from './nemo-metrics.js'

test('rewards are summed up task by task and over all', () => {
  const rewards: [number, number][] = [
    [1, 3],
    [0, 1],
    [1, 2],
    [1, 7],
  ]
  const { group_level_metrics: groups, agent_metrics: all } = aggregateMetrics(
    rewards.map(([_ng_task_index, reward]) => ({ _ng_task_index, reward })),
  )
  expect(groups).toEqual([
    {
      ...{ _ng_task_index: 0, 'mean/reward': 1, 'min/reward': 1, 'max/reward': 1 },
      ...{ 'median/reward': 1, 'std/reward': 0 },
    },
    {
      ...{ _ng_task_index: 1, 'mean/reward': 4, 'min/reward': 2, 'max/reward': 7, 'median/reward': 3 },
      'std/reward': Math.sqrt(7),
    },
  ])
  expect(all).toMatchObject({ 'mean/reward': 3.25, 'median/reward': 2.5 })
})

test('of a task with very many rollouts every one is counted', () => {
  const answers = Array.from({ length: 200_000 }, (_, at) => ({ reward: at % 2, _ng_task_index: 0 }))
  const { group_level_metrics: groups } = aggregateMetrics(answers)
  expect(groups).toMatchObject([{ _ng_task_index: 0, 'mean/reward': 0.5 }])
})

test('of no rollouts nothing is told', () => {
  expect(aggregateMetrics([])).toEqual({ group_level_metrics: [], agent_metrics: {}, key_metrics: {} })
})
