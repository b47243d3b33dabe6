import { expect, test } from '@jest/globals'
import { createStageDisplay, describeStageStep } from './stage-display.js'

test('a step is told with the loss of each task, its duration and the time that is left', () => {
  const losses = new Map([
    ['places', 0.5234],
    ['digits', 0.0123],
  ] as const)
  expect(describeStageStep({ figures: { step: 100, loss: 0.41234, losses }, seconds: 0.5, steps: 400 })).toBe(
    'loss 0.412: digits 0.012, places 0.52 · 0.50 s a step · 2:30 left',
  )
})

test('what was measured is a line of its own, turn by turn of trajectories', () => {
  const lines: string[] = []
  const display = createStageDisplay({ name: 'sft', steps: 20, print: (line) => lines.push(line) })
  display.onEvent({
    type: 'measured',
    step: 10,
    task: 'trajectory',
    accuracies: new Map([
      ['turn', { turns: 8, right: 6, tokenShare: 0.9 }],
      ['answer', { turns: 8, right: 2, tokenShare: 0.5 }],
    ]),
  })
  expect(lines).toEqual([
    'sft step 10/20 · trajectory turn 75 % of 8 right, 90 % of tokens · trajectory answer 25 % of 8 right, 50 % of tokens',
  ])
})
