import { expect, test } from '@jest/globals'
import { DataError } from '../../../core/errors.js'
import { PAPER_ATTRIBUTES } from './dataset-attributes.js'
import { fromSharegpt } from './from-sharegpt.js'

const read = (row: Record<string, unknown>) =>
  fromSharegpt({ row, attributes: PAPER_ATTRIBUTES, folder: '/set', where: 'set.json row 1', index: 0 })
const says = (from: string, value: string) => ({ from, value })
const text = (value: string) => [{ type: 'text', text: value }]

test('markers become images in their places, results of one turn several messages, paths absolute', () => {
  const { messages, images, id } = read({
    conversations: [
      says('human', 'Compare <image> with\n<image>'),
      says('gpt', 'I look.'),
      says('tool', '<image>One.\n</tool_response>\n<tool_response>\nTwo.'),
      says('gpt', 'Same.'),
    ],
    images: ['a.png', 'images/b.png', '/c.png'],
  })
  expect(id).toBe('0')
  expect(images).toEqual(['/set/a.png', '/set/images/b.png', '/c.png'])
  expect(messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Compare ' },
        { type: 'image', index: 0 },
        { type: 'text', text: ' with\n' },
        { type: 'image', index: 1 },
      ],
    },
    { role: 'assistant', content: text('I look.') },
    { role: 'tool', content: [{ type: 'image', index: 2 }, ...text('One.')] },
    { role: 'tool', content: text('Two.') },
    { role: 'assistant', content: text('Same.') },
  ])
})

test('calls of a set that holds them as JSON become text; observation is another name of tool', () => {
  const { messages, tools } = read({
    conversations: [
      says('system', 'Look.'),
      says('human', 'What?'),
      says('function_call', '<think>\nI look.\n</think>\n\n{"name": "a", "arguments": {"code": "x = 1.0"}}'),
      says('observation', 'Failed.'),
      says('gpt', 'A cat.'),
    ],
    tools: JSON.stringify([{ type: 'function', function: { name: 'a', description: 'd', parameters: {} } }]),
  })
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'assistant'])
  expect(messages[2]?.content).toEqual(
    text(
      '<think>\nI look.\n</think>\n\n<tool_call>\n{"name": "a", "arguments": {"code": "x = 1.0"}}\n</tool_call>',
    ),
  )
  expect(tools).toEqual([{ name: 'a', description: 'd', parameters: {} }])
})

test.each([
  [{ images: [] }, 'set.json row 1: expected a column `conversations`, got none'],
  [
    { conversations: [says('bot', '')] },
    'set.json row 1: expected human, gpt, tool, function_call, system to speak, got "bot"',
  ],
  [
    { conversations: [says('human', '<image>')], images: [] },
    'set.json row 1: expected an image for each of 1 <image>, got 0 images',
  ],
  [
    { conversations: [says('human', '')], tools: 'a' },
    'set.json row 1, column `tools`: expected a JSON list of tools, got a',
  ],
])('a row that is no conversation says where and what: %j', (row, message) => {
  expect(() => read(row)).toThrow(DataError)
  expect(() => read(row)).toThrow(message)
})
