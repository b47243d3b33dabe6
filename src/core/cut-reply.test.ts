import { describe, expect, test } from '@jest/globals'
import { cutReply, replyLength } from './cut-reply.js'
import type { PolicyReply } from './policy.js'

const replyOf = (parts: Partial<PolicyReply>): PolicyReply => ({
  text: '',
  toolCalls: [],
  finishReason: 'stop',
  usage: { promptTokens: 1, completionTokens: 2 },
  ...parts,
})
const call = (json: string) => ({ id: 'a', name: 'tool', arguments: json })

describe('cutReply', () => {
  test('leaves a reply of exactly the limit as it is', () => {
    const reply = replyOf({ text: 'abc', toolCalls: [call('{}')] })
    expect(replyLength(reply)).toBe(9)
    expect(cutReply({ reply, maxCharacters: 9 })).toBe(reply)
  })

  test('keeps the beginning of a longer text and says that it was cut', () => {
    const cut = cutReply({ reply: replyOf({ text: 'abcdef' }), maxCharacters: 4 })
    expect(cut).toEqual(replyOf({ text: 'abcd', finishReason: 'length' }))
  })

  test('cuts no character in two', () => {
    expect(cutReply({ reply: replyOf({ text: 'ab😀' }), maxCharacters: 3 }).text).toBe('ab')
  })

  test('counts native calls behind the text, and keeps what there is room for', () => {
    const reply = replyOf({ text: 'ab', toolCalls: [call('{"a":1}'), call('{"b":22}'), call('{}')] })
    const cut = cutReply({ reply, maxCharacters: 20 })
    expect(cut.toolCalls).toEqual([call('{"a":1}'), call('{"b')])
    expect(replyLength(cut)).toBe(20)
    expect(cut.finishReason).toBe('length')
  })

  test('drops the calls where the text alone fills the limit', () => {
    const cut = cutReply({ reply: replyOf({ text: 'abcdef', toolCalls: [call('{}')] }), maxCharacters: 6 })
    expect(cut).toMatchObject({ text: 'abcdef', toolCalls: [], finishReason: 'length' })
  })
})
