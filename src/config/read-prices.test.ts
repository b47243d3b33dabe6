import { afterAll, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadEvaluationConfig, loadJudgeConfig } from './evaluation-config.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-prices-'))
afterAll(() => rm(folder, { recursive: true }))

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

await fileOf('prices.yaml', 'small: { input: 1, output: 2 }\nwise: { input: 3, output: 4, currency: EUR }\n')

test('a file of prices serves policy and judge by their models, relative to the configuration', async () => {
  const path = await fileOf(
    'eval.yaml',
    'data: rows.jsonl\nprices: prices.yaml\npolicy: { kind: openai, model: small, maxCost: 1 }\njudge: { model: wise, maxCost: 2 }\n',
  )
  expect(await loadEvaluationConfig({ path, environment: {} })).toMatchObject({
    policy: { price: { input: 1, output: 2, currency: 'USD' } },
    judge: { price: { input: 3, output: 4, currency: 'EUR' } },
  })
})

test('a price of its own wins, and a model that the file does not know has none', async () => {
  const path = await fileOf(
    'own.yaml',
    'data: rows.jsonl\njudge: none\npolicy: { kind: openai, model: small, price: { input: 9, output: 9 } }\n',
  )
  const overrides = { prices: join(folder, 'prices.yaml') }
  expect(await loadEvaluationConfig({ path, overrides })).toMatchObject({ policy: { price: { input: 9 } } })
  const other = await loadEvaluationConfig({
    path: null,
    overrides: { ...overrides, data: 'x', policy: { kind: 'openai', model: 'new' } },
    environment: { JUDGE_MODEL: 'wise' },
  })
  expect(other.policy).not.toHaveProperty('price')
  expect(other.judge).toMatchObject({ model: 'wise', price: { input: 3 } })
})

test('a wrong price is named with its line', async () => {
  const prices = await fileOf('wrong.yaml', 'small: { input: -1, output: 2 }\n')
  const overrides = { prices, data: 'x', judge: 'none' as const }
  await expect(loadEvaluationConfig({ path: null, overrides })).rejects.toThrow(
    /wrong\.yaml line 1: `small\.input`.*got -1/,
  )
})

test('a cap on the cost of a policy without a price is refused', async () => {
  const path = await fileOf(
    'capless.yaml',
    'data: x\njudge: none\npolicy:\n  kind: openai\n  model: m\n  maxCost: 2\n',
  )
  await expect(loadEvaluationConfig({ path })).rejects.toThrow(
    /capless\.yaml line 6: `policy\.maxCost`: expected `policy\.price`/,
  )
})

test('a file of prices serves a judge without a configuration, named or of JUDGE_MODEL', async () => {
  const prices = join(folder, 'prices.yaml')
  const wise = { model: 'wise', price: { input: 3, output: 4, currency: 'EUR' } }
  const named = await loadJudgeConfig({ judge: { model: 'wise', maxCost: 2 }, prices, environment: {} })
  expect(named).toMatchObject({ ...wise, maxCost: 2 })
  expect(await loadJudgeConfig({ prices, environment: { JUDGE_MODEL: 'wise' } })).toMatchObject(wise)
  await expect(
    loadJudgeConfig({ judge: { model: 'unknown', maxCost: 2 }, prices, environment: {} }),
  ).rejects.toThrow(/judge\.price/)
})
