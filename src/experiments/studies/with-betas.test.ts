import { expect, test } from '@jest/globals'
import { parseReward } from '../../config/reward-config.js'
import { withBetas } from './with-betas.js'

test('the paper’s reward has the weights by name, and keeps what is not said', () => {
  const reward = parseReward({ variant: 'paper', weights: { suggested: 0.3 } })
  expect(withBetas({ reward, beta1: 0 })).toMatchObject({
    weights: { beta1: 0, beta2: 0.5, suggested: 0.3, exact: 0.1 },
  })
  expect(withBetas({ reward, beta2: 2 })).toMatchObject({ weights: { beta1: 1, beta2: 2 } })
  expect(withBetas({ reward })).toEqual(reward)
})

test('the release pays for tools by three weights, which go together', () => {
  const reward = parseReward({ variant: 'release' })
  expect(withBetas({ reward, beta1: 0, beta2: 0 })).toMatchObject({
    weights: { alpha: 0, exact: 0, emerge: 0, gamma: 0, format: 0.1 },
  })
  expect(withBetas({ reward, beta1: 2 })).toMatchObject({
    weights: { alpha: 2, exact: 0.2, emerge: 0.4, gamma: 0.5 },
  })
})

test('of the beneficial reward they are benefit and cost', () => {
  const reward = parseReward({ variant: 'beneficial' })
  expect(withBetas({ reward, beta1: 0, beta2: 0.25 })).toMatchObject({ weights: { benefit: 0, cost: 0.25 } })
})
