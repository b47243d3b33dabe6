import { describe, expect, test } from '@jest/globals'
import { readTurnHermes } from './read-turn-hermes.js'

const read = (text: string, toolCalls: { id: string; name: string; arguments: string }[] = []) =>
  readTurnHermes({ turn: { text, toolCalls }, tools: ['code_image_tool'] })
const call = (given: string, name = 'code_image_tool') =>
  `<tool_call>{"name": "${name}", "arguments": ${given}}</tool_call>`

describe('readTurnHermes', () => {
  test('drops malformed calls and runs the first that can be read', () => {
    expect(
      read(`<tool_call>{</tool_call>${call('{"code": "a", "image_index": 2}')}${call('{"code": "b"}')}`),
    ).toEqual({
      type: 'call',
      call: { code: 'a', imageIndex: 2 },
      note: null,
      toolCallId: null,
      malformed: 1,
    })
  })

  test('a turn with nothing but malformed calls is the final answer', () => {
    expect(read('<tool_call>oops</tool_call>')).toEqual({ type: 'answer', malformed: 1 })
    expect(read('<tool_call>never closed')).toEqual({ type: 'answer', malformed: 0 })
  })

  test.each([
    ['{"code": "x"}', 0],
    ['{"code": "x", "image_index": true}', 1],
  ])('takes the image index of %s as %i, as Python does', (given, imageIndex) => {
    expect(read(call(given))).toMatchObject({ type: 'call', call: { imageIndex } })
  })

  test.each([
    [call('{}', 'zoom'), { type: 'unknown-tool', name: 'zoom', known: ['code_image_tool'] }],
    [call('["x"]'), { type: 'arguments-not-object', got: 'a list' }],
    [call('{"code": ""}'), { type: 'bad-code', got: 'empty text' }],
    [call('{"code": "x", "image_index": -1}'), { type: 'bad-image-index', got: 'the number -1' }],
    [call('{"code": "x", "image_index": null}'), { type: 'bad-image-index', got: 'null' }],
    [call('{"code": "x", "image_index": 1.0}'), { type: 'bad-image-index', got: 'the number 1' }],
  ])('tells what is wrong with %s', (text, problem) => {
    expect(read(text)).toEqual({ type: 'problem', problem, toolCallId: null, malformed: 1 })
  })

  test('a native call names itself; one with broken arguments is dropped', () => {
    const calls = [
      { id: 'c1', name: 'code_image_tool', arguments: '{"code": ' },
      { id: 'c2', name: 'code_image_tool', arguments: '{"code": "x", "description": "d"}' },
    ]
    expect(read('', calls)).toEqual({
      type: 'call',
      call: { code: 'x', imageIndex: 0, description: 'd' },
      note: null,
      toolCallId: 'c2',
      malformed: 1,
    })
  })
})
