import { expect, test } from '@jest/globals'
import { splitReply } from './split-reply.js'

test('thought, call and answer come apart in their order', () => {
  expect(splitReply('<think> a </think>\nso\n<tool_call>{}</tool_call><answer>b</answer>')).toEqual([
    { kind: 'thought', text: 'a', isOpen: false },
    { kind: 'text', text: 'so', isOpen: false },
    { kind: 'call', text: '{}', isOpen: false },
    { kind: 'answer', text: 'b', isOpen: false },
  ])
})

test('a thought that the template opened begins with the text', () => {
  expect(splitReply('look</think><answer>1</answer>')).toEqual([
    { kind: 'thought', text: 'look', isOpen: false },
    { kind: 'answer', text: '1', isOpen: false },
  ])
})

test('what is never closed reaches to the end, and says so', () => {
  expect(splitReply('<think>cut of')).toEqual([{ kind: 'thought', text: 'cut of', isOpen: true }])
  expect(splitReply('<answer>4</answer><answer>5')).toEqual([
    { kind: 'answer', text: '4', isOpen: false },
    { kind: 'answer', text: '5', isOpen: true },
  ])
})

test('a text without tags stays whole, an empty one has no parts', () => {
  expect(splitReply(' plain < text ')).toEqual([{ kind: 'text', text: 'plain < text', isOpen: false }])
  expect(splitReply(' \n')).toEqual([])
})
