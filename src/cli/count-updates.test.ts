import { expect, test } from '@jest/globals'
import { countUpdates } from './count-updates.js'

function afterSteps(figures: readonly Record<string, number>[]): string | null {
  const updates = countUpdates()
  figures.forEach((measured, index) =>
    updates.onEvent({
      type: 'step',
      metrics: { step: index + 1, pass: 0, at: '2026-01-01T00:00:00.000Z', figures: measured },
      seconds: 1,
    }),
  )
  return updates.warning()
}

test('a training that made no update, or seldom one, ends with a warning that counts the steps', () => {
  expect(afterSteps([{ updates: 0 }, { updates: 0 }])).toContain('2 of 2 steps taken now made no update')
  expect(afterSteps([{ updates: 0 }, { updates: 2 }])).toContain('1 of 2 steps taken now made no update')
})

test('what is advised is what would have helped', () => {
  const alike = { updates: 0, updatesSkipped: 2, 'updatesSkipped/equal': 1, 'updatesSkipped/filtered': 1 }
  const late = { updates: 0, updatesSkipped: 2, 'updatesSkipped/lone': 2, 'rollouts/stragglers': 9 }
  const failed = { updates: 0, updatesSkipped: 2, 'updatesSkipped/lone': 2, 'rollouts/failed': 7 }
  expect(afterSteps([alike, { updates: 1 }])).toMatch(
    /^Warning: 1 of 2 steps taken now made no update\. In these no group of rollouts told right from wrong/,
  )
  expect(afterSteps([alike])).not.toContain('deadline')
  const short = afterSteps([late, failed, { updates: 1, 'rollouts/failed': 5 }])
  expect(short).toMatch(/^Warning: 2 of 3 .*: 7 failed, 9 were cut off at the deadline\..*deadlineSeconds/)
  expect(short).not.toContain('right from wrong')
  expect(afterSteps([late, alike, alike])).toMatch(
    /In 2 of these no group of rollouts told right from wrong.* In 1 of these too few rollouts/,
  )
})

test('steps that all made one, or are of SFT, are not warned of', () => {
  expect(afterSteps([{ updates: 1 }])).toBeNull()
  expect(afterSteps([{ loss: 2 }])).toBeNull()
})
