import { expect, test } from '@jest/globals'
import type { Trajectory } from '../../core/trajectory.js'
import { withTexts } from './written-turns.js'

test('texts take the place of empty turns with calls, in order; others stay', () => {
  const toolCalls = [{ id: 'c', name: 'code_image_tool', arguments: '{}' }]
  const trajectory = {
    messages: [
      { role: 'assistant', content: [], toolCalls },
      { role: 'tool', content: [{ type: 'text', text: 'seen' }] },
      { role: 'assistant', content: [], toolCalls },
      { role: 'assistant', content: [{ type: 'text', text: 'it is 7' }] },
    ],
  } as unknown as Trajectory
  const { messages } = withTexts({ trajectory, texts: ['one'] })
  expect(messages.map(({ content }) => content)).toEqual([
    [{ type: 'text', text: 'one' }],
    [{ type: 'text', text: 'seen' }],
    [{ type: 'text', text: '' }],
    [{ type: 'text', text: 'it is 7' }],
  ])
})

test('the last text takes its place where the assistant has the last word, and not that of a call', () => {
  const said = { role: 'assistant', content: [{ type: 'text', text: 'it is 7' }] }
  const asked = { role: 'assistant', content: [], toolCalls: [{ id: 'c', name: 't', arguments: '{}' }] }
  const told = (messages: object[]) =>
    withTexts({
      trajectory: { messages } as unknown as Trajectory,
      texts: [],
      last: 'all of it',
    }).messages.at(-1)
  expect(told([said])).toMatchObject({ content: [{ text: 'all of it' }] })
  expect(told([said, asked])).toMatchObject({ content: [{ text: '' }] })
})
