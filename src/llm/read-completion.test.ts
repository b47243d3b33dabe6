import { describe, expect, test } from '@jest/globals'
import { readCompletion, textWithReasoning } from './read-completion.js'

const read = (message: unknown, rest: object = {}) => {
  const result = readCompletion({ choices: [{ message }], ...rest })
  if (!result.ok) throw new Error(result.problem)
  return result.completion
}

describe('readCompletion', () => {
  test('content null is an empty text', () => {
    expect(read({ role: 'assistant', content: null }).text).toBe('')
  })

  test('content that is absent is an empty text', () => {
    expect(read({ role: 'assistant' }).text).toBe('')
  })

  test('text parts are joined, other parts skipped', () => {
    expect(read({ content: [{ type: 'text', text: 'a' }, 'b', { type: 'thing' }] }).text).toBe('ab')
  })

  test('a refusal without content is the text', () => {
    expect(read({ content: null, refusal: 'I will not.' }).text).toBe('I will not.')
  })

  test.each(['reasoning_content', 'reasoning'])('%s is kept apart from the text', (field) => {
    expect(read({ content: 'x', [field]: 'why' })).toMatchObject({ text: 'x', reasoning: 'why' })
  })

  test('usage that is absent, null or odd counts as zero', () => {
    const none = { promptTokens: 0, completionTokens: 0 }
    expect(read({ content: 'x' }).usage).toEqual(none)
    expect(read({ content: 'x' }, { usage: null }).usage).toEqual(none)
    expect(read({ content: 'x' }, { usage: 'many' }).usage).toEqual(none)
    expect(read({ content: 'x' }, { usage: { prompt_tokens: 3 } }).usage).toEqual({
      ...none,
      promptTokens: 3,
    })
  })

  test('arguments that came as an object become JSON text; a call without an id keeps an empty one', () => {
    const { toolCalls } = read({
      content: null,
      tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }],
    })
    expect(toolCalls).toEqual([{ id: '', name: 'f', arguments: '{"a":1}' }])
  })

  test('broken arguments stay as they are: they are the model’s', () => {
    const { toolCalls } = read({ tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{"a":' } }] })
    expect(toolCalls).toEqual([{ id: 'c', name: 'f', arguments: '{"a":' }])
  })

  test.each([
    ['length', 'length'],
    ['stop', 'stop'],
    ['tool_calls', 'stop'],
    ['content_filter', 'stop'],
    [null, 'stop'],
  ])('finish reason %p is %p', (sent, expected) => {
    const result = readCompletion({ choices: [{ finish_reason: sent, message: { content: '' } }] })
    expect(result).toMatchObject({ ok: true, completion: { finishReason: expected } })
  })

  test.each([
    ['no choices', {}, 'choices'],
    ['empty choices', { choices: [] }, 'choices'],
    ['a choice without a message', { choices: [{}] }, 'choices.0.message'],
    ['content that is a number', { choices: [{ message: { content: 5 } }] }, 'choices.0.message.content'],
    ['an array', [], 'the body'],
    ['null', null, 'the body'],
  ])('%s is a problem that is named', (_, json, place) => {
    const result = readCompletion(json)
    expect(result).toMatchObject({ ok: false, problem: expect.stringContaining(place) })
  })
})

describe('textWithReasoning', () => {
  test('puts the reasoning in think tags before the text', () => {
    expect(textWithReasoning({ text: 'x', reasoning: 'why' })).toBe('<think>why</think>x')
  })

  test('leaves a text alone that has no reasoning, or its own', () => {
    expect(textWithReasoning({ text: 'x', reasoning: '' })).toBe('x')
    expect(textWithReasoning({ text: '<think>why</think>x', reasoning: 'why' })).toBe('<think>why</think>x')
  })
})
