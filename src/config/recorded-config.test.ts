import { expect, test } from '@jest/globals'
import { loadEvaluationConfig } from './evaluation-config.js'
import { recordedConfig } from './recorded-config.js'

test('a manifest tells the addresses that the environment gave, without passwords', async () => {
  const config = await loadEvaluationConfig({
    path: null,
    overrides: {
      data: 'rows.parquet',
      policy: { kind: 'openai', model: 'm' },
      judge: { model: 'j', baseUrl: 'http://user:secret@judge:2/v1' },
    },
  })
  const { policy, judge } = recordedConfig({
    config,
    environment: { OPENAI_BASE_URL: 'http://model:1/v1', JUDGE_BASE_URL: 'http://other/v1' },
  })
  expect(policy).toMatchObject({ model: 'm', baseUrl: 'http://model:1/v1' })
  expect(judge).toMatchObject({ model: 'j', baseUrl: 'http://judge:2/v1' })
})
