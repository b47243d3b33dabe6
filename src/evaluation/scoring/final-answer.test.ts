import { expect, test } from '@jest/globals'
import { finalAnswer } from './final-answer.js'

test.each([
  ['<think>A?</think>It is <answer> B </answer>', 'B', 'answer'],
  ['<answer>A</answer> no, <answer>B</answer>', 'B', 'answer'],
  ['<answer>B', 'B', 'answer'],
  ['<think><answer>A</answer></think>\nthe blue one\nI think', 'the blue one\nI think', 'turn'],
  ['thoughts that the prompt opened</think> 42', '42', 'turn'],
  ['42 <think>or is it', '42', 'turn'],
  ['<think>never closed <answer>A</answer>', '', 'turn'],
])('of %j, the answer is %j', (turn, text, taken) => {
  expect(finalAnswer(turn)).toEqual({ text, taken })
})
