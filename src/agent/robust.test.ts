import { describe, expect, test } from '@jest/globals'
import { describeProblem } from './describe-problem.js'
import { readTurnRobust } from './robust.js'

const read = (text: string, toolCalls: { id: string; name: string; arguments: string }[] = []) =>
  readTurnRobust({ turn: { text, toolCalls }, tools: ['code_image_tool'] })
const call = (given: string, name = 'code_image_tool') =>
  `<tool_call>\n{"name": "${name}", "arguments": ${given}}\n</tool_call>`
const message = (text: string) => {
  const reading = read(text)
  return reading.type === 'problem' ? describeProblem(reading.problem) : reading
}

describe('what readTurnRobust runs', () => {
  test('a well-formed call', () => {
    expect(read(`<think>hm</think>${call('{"code": "x", "description": "d", "image_index": 1}')}`)).toEqual({
      type: 'call',
      call: { code: 'x', description: 'd', imageIndex: 1 },
      note: null,
      toolCallId: null,
      malformed: 0,
    })
  })

  test('the first of five calls, and the model is told', () => {
    const reading = read(call('{"code": "x", "image_index": 0}').repeat(5))
    expect(reading).toMatchObject({
      type: 'call',
      note: expect.stringMatching(/5 tool calls.*only the first/),
    })
  })

  test('arguments that are JSON inside a string', () => {
    expect(read(call(JSON.stringify('{"code": "x", "image_index": 3}')))).toMatchObject({
      type: 'call',
      call: { code: 'x', imageIndex: 3 },
    })
  })

  test('a call without image_index gets image 0, and the model is told', () => {
    expect(read(call('{"code": "x"}'))).toMatchObject({
      call: { imageIndex: 0 },
      note: expect.stringContaining('image 0'),
    })
  })

  test('an index that no image has: the sandbox answers that', () => {
    expect(read(call('{"code": "x", "image_index": -1}'))).toMatchObject({ call: { imageIndex: -1 } })
  })

  test('a native call, by its id', () => {
    const native = { id: 'c9', name: 'code_image_tool', arguments: '{"code": "x", "image_index": 0}' }
    expect(read('thinking', [native])).toMatchObject({ type: 'call', toolCallId: 'c9' })
    expect(read('', [{ ...native, arguments: '{"code"' }])).toMatchObject({
      type: 'problem',
      toolCallId: 'c9',
    })
  })
})

describe('what readTurnRobust takes for an answer', () => {
  test.each([
    '',
    'It says STOP.',
    '<answer>STOP</answer>',
    '<think>no <tool_call> needed</think><answer>7</answer>',
  ])('%j', (text) => expect(read(text)).toEqual({ type: 'answer', malformed: 0 }))
})

describe('what the model is told about a malformed call', () => {
  test.each([
    ['<tool_call>{"name": "code_image_tool", "arguments": {}}', /not closed by <\/tool_call>/],
    [`<tool_call>{"name": ${call('{"code": "x"}')}`, /not closed by <\/tool_call>/],
    ['{"name": "x"}</tool_call>', /without <tool_call> before it/],
    ['<tool_call>[1]</tool_call>', /expected a JSON object/],
    ['<tool_call>{"name": "code_image_tool"}</tool_call>', /has no "arguments"/],
    ['<tool_call>{"arguments": {}}</tool_call>', /has no "name"/],
    [call('{}', 'zoom'), /no tool "zoom"; there is "code_image_tool"/],
    [call('[]'), /"arguments" must be a JSON object, got a list/],
    [call('{"code": ["a"]}'), /"code" must be text.*got a list/],
    [call('{"code": "  "}'), /"code" must be text/],
    [call('{"image_index": 0}'), /"code" must be text.*got nothing/],
    [call('{"code": "x", "image_index": "0"}'), /"image_index" must be a whole number.*got text/],
    [call('{"code": "x", "image_index": 1.5}'), /got the number 1.5/],
    [call('{"code": "x", "image_index": true}'), /got true/],
    [call('{"code": "x", "image_index": 1e30}'), /got the number 1e\+30/],
  ])('%s', (text, expected) => {
    expect(message(text)).toMatch(expected)
  })

  test('broken JSON is told with line, column and surroundings', () => {
    const text = '<tool_call>{"name": "code_image_tool",\n "arguments": {"code": "a\nb"}}</tool_call>'
    expect(message(text)).toMatch(
      /line 2, column 26: a control character \(code 10\).*near ".*\\"code\\": \\"a\\nb/,
    )
  })

  test('every message shows how a call is written', () => {
    expect(message('<tool_call>')).toContain('<tool_call>{"name": "code_image_tool", "arguments": {"code": ')
  })
})
