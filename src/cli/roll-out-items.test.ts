import { expect, test } from '@jest/globals'
import type { EvaluationOverrides } from '../config/evaluation-config.js'
import { checkDraws, rolloutConfig } from './roll-out-items.js'

const configOf = (policy: EvaluationOverrides['policy']) =>
  rolloutConfig({ path: null, overrides: { policy, judge: 'none' }, sources: ['rows.parquet'], rollouts: 8 })

test.each(['tfjs', 'torch'] as const)(
  'a checkpoint on %s draws as in a training, whatever stands beside it',
  async (kind) => {
    const { policy } = await configOf({ kind, model: 'models/sft' })
    expect(policy).toMatchObject({ kind, temperature: 1, topP: 1, topK: 0 })
    const own = await configOf({ kind, model: 'models/sft', temperature: 0.7, topP: 0.9 })
    expect(own.policy).toMatchObject({ temperature: 0.7, topP: 0.9, topK: 0 })
  },
)

test('a served model is asked at temperature 1, and for nothing else that its server decides', async () => {
  const { policy } = await configOf({ kind: 'openai', model: 'served' })
  expect(policy).toMatchObject({ temperature: 1 })
  expect(policy).not.toHaveProperty('topP', 1)
})

test.each(['openai', 'tfjs', 'torch'] as const)(
  'rollouts of %s at temperature 0 are warned of',
  async (kind) => {
    const config = await configOf({ kind, model: 'models/sft', temperature: 0 })
    expect(checkDraws({ config, keep: { kind: 'mixed' } })).toMatch(
      /^At temperature 0 models\/sft does nearly/,
    )
  },
)
