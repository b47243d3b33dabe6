import { describe, expect, test } from '@jest/globals'
import { parseHermes } from './hermes.js'

describe('parseHermes', () => {
  test('gives calls with arguments in Python style, and the text around them', () => {
    const text = 'look <tool_call>{"name":"f","arguments":{"x":1.0,"s":"é\\n"}}</tool_call> closer'
    expect(parseHermes(text)).toEqual({
      content: 'look  closer',
      calls: [{ name: 'f', arguments: '{"x": 1.0, "s": "é\\n"}' }],
      dropped: 0,
    })
  })

  test.each([
    '{"name": "f"}',
    '{"arguments": {}}',
    '{"name": 1, "arguments": {}}',
    '["f", {}]',
    "{'name': 'f', 'arguments': {}}",
    '{"name": "f", "arguments": {}} and more',
  ])('drops %s silently', (block) => {
    expect(parseHermes(`<tool_call>${block}</tool_call>`)).toEqual({ content: '', calls: [], dropped: 1 })
  })

  test('a call that is not closed is text', () => {
    const text = '<tool_call>{"name": "f", "arguments": {}}'
    expect(parseHermes(text)).toEqual({ content: text, calls: [], dropped: 0 })
  })
})
