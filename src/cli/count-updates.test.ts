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

test('steps that all made one, or are of SFT, are not warned of', () => {
  expect(afterSteps([{ updates: 1 }])).toBeNull()
  expect(afterSteps([{ loss: 2 }])).toBeNull()
})
