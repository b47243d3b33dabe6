import { describe, expect, test } from '@jest/globals'
import { loadEvaluationConfig, type EvaluationOverrides } from '../config/evaluation-config.js'
import { settingsIdentity } from './settings-identity.js'

async function identityOf(policy: object) {
  const overrides = { data: 'rows.jsonl', judge: { model: 'wise', baseUrl: 'http://judge/v1' }, policy }
  return settingsIdentity(
    await loadEvaluationConfig({ path: null, overrides: overrides as EvaluationOverrides }),
  )
}

describe('settingsIdentity', () => {
  test('keeps what decides a sample and leaves out what only changes speed or place', async () => {
    const policy = { kind: 'openai', model: 'm', temperature: 0.5 }
    const identity = await identityOf({
      ...policy,
      baseUrl: 'http://a/v1',
      concurrency: 3,
      timeoutSeconds: 9,
    })
    expect(identity).toEqual(await identityOf(policy))
    expect(identity).toEqual({
      policy: { ...policy, toolFormat: 'hermes', image: { format: 'png' } },
      judge: { model: 'wise', reading: 'exact' },
      seed: 0,
    })
  })
})
