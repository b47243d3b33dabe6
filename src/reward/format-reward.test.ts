import { expect, test } from '@jest/globals'
import { formatReward } from './format-reward.js'

test('thinking, then one answer at the end', () => {
  expect(formatReward('<think>a</think><answer>b</answer>')).toBe(1)
  expect(formatReward(' <think>a</think> text <think>c</think>\n<answer>b\nd</answer>\u2003\n')).toBe(1)
})

test.each([
  ['nothing', null],
  ['no thinking', '<answer>b</answer>'],
  ['thinking that is not first', 'x<think>a</think><answer>b</answer>'],
  ['a think tag that is not closed', '<think>a<think></think><answer>b</answer>'],
  ['two answers', '<think>a</think><answer>b</answer><answer>b</answer>'],
  ['text behind the answer', '<think>a</think><answer>b</answer>.'],
  ['an answer inside of the thinking', '<think><answer>b</answer></think>'],
  ['an answer that begins in the thinking', '<think>a<answer>b</think></answer>'],
  ['no answer', '<think>a</think>'],
])('%s has not the form', (_, text) => {
  expect(formatReward(text)).toBe(0)
})

test('what a tool printed between the turns is not looked at', () => {
  const text =
    '<think>a</think><tool_response><answer>1</answer></tool_response><think>c</think><answer>b</answer>'
  expect(formatReward(text)).toBe(1)
})

test('a second closing tag at the end passes, as in the reference', () => {
  expect(formatReward('<think>a</think><answer>b</answer></answer>')).toBe(1)
})

test('a hundred thousand open tags are read in no time', () => {
  expect(formatReward('<think>'.repeat(100_000))).toBe(0)
  expect(formatReward(`<think></think>${'<answer>'.repeat(100_000)}`)).toBe(0)
})
