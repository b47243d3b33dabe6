import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { UsageError } from '../core/errors.js'
import { loadRewardConfig } from './reward-config.js'
import { rewardSchema } from './reward-schema.js'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reward-config-'))
})
afterEach(() => rm(directory, { recursive: true }))

async function load(text: string) {
  const path = join(directory, 'reward.yaml')
  await writeFile(path, text)
  return loadRewardConfig(path)
}

test('defaults are those of the release, and of the paper', async () => {
  expect(await load('reward: { variant: release }')).toEqual({
    variant: 'release',
    analysis: 'static',
    without: [],
    boxSignal: 'iou',
    weights: { alpha: 1, beta: 0, gamma: 0.5, format: 0.1, exact: 0.1, emerge: 0.2 },
  })
  expect(await load('reward: { variant: paper }')).toMatchObject({
    analysis: 'observed',
    weights: { beta1: 1, beta2: 0.5, format: 0.1, suggested: 0.2, exact: 0.1 },
  })
})

test('terms, weights, the analysis and the box signal can be changed, other blocks stand beside', async () => {
  const text = `
policy: { kind: anything }
reward:
  variant: paper
  analysis: static
  without: [strategy, penalty]
  boxSignal: graded
  weights: { beta1: 0.5 }
`
  expect(await load(text)).toMatchObject({
    analysis: 'static',
    without: ['strategy', 'penalty'],
    boxSignal: 'graded',
    weights: { beta1: 0.5, beta2: 0.5 },
  })
})

test('what the file extends is read too, and told where it is wrong', async () => {
  await writeFile(join(directory, 'base.yaml'), 'reward:\n  variant: release\n  weights: { alpha: 2 }\n')
  const text = 'extends: base.yaml\nreward: { without: [exact] }\n'
  expect(await load(text)).toMatchObject({ variant: 'release', without: ['exact'], weights: { alpha: 2 } })
  await writeFile(join(directory, 'base.yaml'), 'reward:\n  variant: releas\n')
  await expect(load(text)).rejects.toThrow(/base\.yaml line 2: `reward.variant`/)
})

test.each([
  ['variant: releas', /line 2: `reward.variant`/],
  ['variant: release, weights: { alpha: .nan }', /`reward.weights.alpha`/],
  ['variant: release, weights: { alpha: .inf }', /`reward.weights.alpha`/],
  ['variant: release, weights: { alpha: 1e300 }', /`reward.weights.alpha`/],
  ['variant: release, weights: { beta1: 1 }', /unknown key `reward.weights.beta1`/],
  ['variant: paper, without: [acuracy]', /`reward.without\[0\]`/],
  ['variant: beneficial, without: [exact]', /`reward.without\[0\]`/],
  ['variant: beneficial, boxSignal: graded', /unknown key `reward.boxSignal`/],
])('%s is refused with its place', async (text, message) => {
  const loaded = load(`reward:\n  { ${text} }\n`)
  await expect(loaded).rejects.toThrow(UsageError)
  await expect(loaded).rejects.toThrow(message)
})

test('NaN and infinity are no weights', () => {
  for (const weight of [Number.NaN, Infinity, -Infinity]) {
    expect(rewardSchema.safeParse({ variant: 'beneficial', weights: { benefit: weight } }).success).toBe(
      false,
    )
    expect(rewardSchema.safeParse({ variant: 'beneficial', margin: weight }).success).toBe(false)
  }
})
