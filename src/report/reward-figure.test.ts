import { expect, test } from '@jest/globals'
import { parseReward } from '../config/reward-config.js'
import type { RewardSummary } from '../evaluation/rewards/summarize-rewards.js'
import { rewardFigure } from './reward-figure.js'

const head = {
  ...{ suite: 'small & <old>', policy: { name: 'p', model: 'm' } },
  ...{ scoring: 'strict', judge: 'none', judgeReading: null, epochs: 2, planned: 3 },
}
const summary: RewardSummary = {
  ...{ schemaVersion: 1, head, reward: parseReward({ variant: 'paper', without: ['penalty'] }) },
  ...{ isComplete: true, groups: { n: 1, degenerate: 0, single: 0 }, excluded: {}, unreadTexts: {} },
  overall: { n: 3, means: { total: 0.6, r_acc: 0.5, toolTurns: 7 } },
  byOutcome: {
    correct: { n: 1, means: { total: 1.25, r_acc: 1, toolTurns: 7 } },
    wrong: { n: 2, means: { total: -0.25, r_acc: 0, toolTurns: 7 } },
  },
}

test('a figure has a bar for each component and outcome, and says what it shows', async () => {
  const svg = await rewardFigure(summary)
  expect(svg).toMatch(/^<svg .*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  expect(svg).toContain('Reward paper, analysis observed, without penalty: small &amp; &lt;old&gt;, p')
  for (const text of ['correct (1)', 'wrong (2)', 'total', 'r_acc', '1.250', '-0.250']) {
    expect(svg).toContain(`>${text}<`)
  }
  expect(svg.match(/<rect/g)).toHaveLength(4)
  expect(svg).not.toContain('toolTurns')
  expect(svg).not.toContain('NaN')
})

test('a run without any reward has a figure too', async () => {
  const empty = { ...summary, overall: { n: 0, means: {} }, byOutcome: {} }
  expect(await rewardFigure(empty)).toContain('<svg')
})
