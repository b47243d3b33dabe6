import { describe, expect, test } from '@jest/globals'
import { loadEvaluationConfig, type EvaluationOverrides } from '../../config/evaluation-config.js'
import { toolsSchema } from '../../config/tool-schema.js'
import { settingsIdentity } from './settings-identity.js'

const paid = {
  model: 'wise',
  baseUrl: 'http://judge/v1',
  price: { input: 1, output: 2 },
  maxCalls: 5,
  maxCost: 1,
  concurrency: 2,
}

async function identityOf(policy: object, judge: object = paid) {
  const overrides = { data: 'rows.jsonl', judge, policy }
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
      judge: { model: 'wise', reading: 'exact', prompt: expect.stringMatching(/^[0-9a-f]{64}$/) },
      seed: 0,
    })
  })

  test('another reading of the judge’s replies is another run', async () => {
    const policy = { kind: 'tesseract' }
    const read = await identityOf(policy, { model: 'wise', reading: 'codevision' })
    expect(read).toMatchObject({ judge: { model: 'wise', reading: 'codevision' } })
    expect(read).not.toEqual(await identityOf(policy))
  })

  test('tools that code may call belong to it, where they stand does not', async () => {
    const config = await loadEvaluationConfig({
      path: null,
      overrides: { data: 'rows.jsonl', judge: 'none' },
      environment: {},
    })
    const read = {
      name: 'read',
      kind: 'http',
      url: 'http://a/',
      parameters: { image: 'image' },
      result: 'string',
    }
    const withTools = (...tools: object[]): Record<string, unknown> =>
      settingsIdentity({ ...config, sandbox: { tools: toolsSchema.parse(tools) } })
    expect(withTools()).toEqual(settingsIdentity(config))
    expect(withTools()).not.toHaveProperty('tools')
    const moved = { ...read, url: 'http://b/', headers: { authorization: 'KEY' }, timeoutSeconds: 9 }
    expect(withTools(moved)).toEqual(withTools(read))
    expect(withTools({ ...read, result: 'json' })).not.toEqual(withTools(read))
  })
})
