import { describe, expect, test } from '@jest/globals'
import { rewardSchema } from '../config/reward-schema.js'
import { UsageError } from '../core/errors.js'
import type { Sample } from '../core/sample.js'
import type { ToolAnalysis } from '../core/tool-analysis.js'
import { testSample } from '../store/testing/sample.js'
import type { AnalysisSource } from './analysis-source.js'
import { groupSamples } from './sample-groups.js'
import { scoreSamples } from './score-samples.js'
import { trajectory, type TestCall } from './testing/trajectory.js'

/** Reads the name of the tool, and a box, from the code's first line, as `crop 0 0 9 9`. */
const source: AnalysisSource = {
  kind: 'observed',
  analyse: async (trajectories) =>
    trajectories.map(({ calls }) =>
      calls.map(({ call: { code } }): ToolAnalysis => {
        const [name = '', ...box] = code.split(' ')
        return { transforms: [name], cropBoxes: box.length === 0 ? [] : [box.map(Number)] }
      }),
    ),
}
const parameters = rewardSchema.parse({ variant: 'paper' })
const task = { requiredTools: ['crop'], box: [0, 0, 10, 10] }

function sample(changes: Parameters<typeof testSample>[0], ...calls: TestCall[]): Sample {
  return testSample({ ...task, trajectory: trajectory({ calls }), ...changes })
}

describe('scoreSamples', () => {
  test('epochs of a task are its rollouts', async () => {
    const samples = [
      sample({ taskKey: 'a', epoch: 1 }, { code: 'crop 0 0 5 10' }),
      sample({ taskKey: 'b', epoch: 1, outcome: 'wrong' }),
      sample({ taskKey: 'a', epoch: 2, outcome: 'turn-limit' }, { code: 'crop 0 0 10 10', ok: false }),
    ]
    const { groups, excluded } = await scoreSamples({ samples, source, parameters })
    expect(excluded).toEqual({})
    expect(groups.map(({ key, rollouts }) => [key, rollouts.map((rollout) => rollout.key)])).toEqual([
      ['a', ['a#1', 'a#2']],
      ['b', ['b#1']],
    ])
    // 1 + 0.1 + 0.5 + 0.1 for the exact order; a failed crop earns nothing.
    expect(groups[0]?.rollouts[0]?.reward.total).toBeCloseTo(1.7, 12)
    expect(groups[0]?.rollouts[1]?.reward).toMatchObject({ total: 0.1, parts: { mustUse: 0, r_acc: 0 } })
  })

  test('failures of the machine and images that cannot be used are in no group, and counted', async () => {
    const failure = { trajectory: null, error: { name: 'ModelError', message: 'gone' } }
    const samples = [
      sample({ epoch: 1 }, { code: 'sharpen' }),
      sample({ epoch: 2, outcome: 'model-error', ...failure }),
      sample({ epoch: 3, outcome: 'sandbox-error', ...failure }),
      sample({ epoch: 4, outcome: 'model-error', ...failure }),
      sample({ taskKey: 'other', outcome: 'judge-error' }),
      sample({
        ...{ epoch: 5, outcome: 'sandbox-error', trajectory: null },
        error: { name: 'ImageError', message: 'no image', fault: 'data' },
      }),
    ]
    const { groups, excluded } = await scoreSamples({ samples, source, parameters })
    expect(excluded).toEqual({ 'model-error': 2, 'sandbox-error': 1, 'judge-error': 1, unusable: 1 })
    expect(groups).toHaveLength(1)
    // As wrong rollouts without tools they would have made the tool look necessary.
    expect(groups[0]?.statistics).toMatchObject({ withTool: 1, withoutTool: 0, necessity: 0 })
  })

  test('crops that are not finite are dropped', async () => {
    const samples = [sample({}, { code: 'crop NaN 0 10 10' }, { code: 'crop 0 0 Infinity 10' })]
    const { groups } = await groupSamples({ samples, source })
    expect(groups[0]?.rollouts[0]?.calls.map(({ cropBoxes }) => cropBoxes)).toEqual([[], []])
  })

  test('an analysis of the other kind, or of other calls, is refused', async () => {
    const samples = [sample({}, { code: 'crop 0 0 5 10' })]
    const other = { ...source, kind: 'static' as const }
    await expect(scoreSamples({ samples, source: other, parameters })).rejects.toThrow(
      /reward.analysis is observed/,
    )
    const none = { ...source, analyse: async () => [[]] }
    await expect(scoreSamples({ samples, source: none, parameters })).rejects.toThrow(
      /1 analyses, one for each call, got 0/,
    )
  })

  test('samples that cannot belong together are refused', async () => {
    const samples = [sample({ epoch: 1 }), sample({ epoch: 2, box: [0, 0, 5, 5] })]
    await expect(groupSamples({ samples, source })).rejects.toThrow(UsageError)
    await expect(groupSamples({ samples: [sample({ trajectory: null })], source })).rejects.toThrow(
      /expected a trajectory/,
    )
  })
})
