import { describe, expect, test } from '@jest/globals'
import { inferOption } from './option-inference.js'

const OPTIONS = new Map([
  ['A', 'red'],
  ['B', 'blue'],
  ['C', 'green'],
  ['D', 'yellow'],
])

function read(reply: string, options = OPTIONS): [string | null, string | null] {
  const of = (profile: 'vlmevalkit' | 'lmms_eval'): string | null =>
    inferOption({ profile, reply, options })?.letter ?? null
  return [of('vlmevalkit'), of('lmms_eval')]
}

describe('inferOption', () => {
  test.each([
    ['B', 'B', 'B'],
    ['(B).', 'B', 'B'],
    ["'B'", null, null],
    ['A or B', null, null],
    ['the sky is Blue', 'B', 'B'],
    ['red and blue', null, null],
    ['Z', 'Z', 'Z'],
    ['Cannot determine the answer, so B', 'Z', 'Z'],
    ['Failed to obtain answer via API', null, null],
  ])('both kits read %j', (reply, vlmevalkit, lmmsEval) => {
    expect(read(reply)).toEqual([vlmevalkit, lmmsEval])
  })

  test('VLMEvalKit wants the letter among the last five words, and knows one phrase', () => {
    expect(read('B is what I see there now')).toEqual([null, 'B'])
    expect(read('the answer is **C** because A and B differ')).toEqual(['C', null])
    expect(read('the an\u017fwer \u0131s d since A or B')).toEqual(['D', null])
  })

  test('VLMEvalKit looks for no text of an option in a long reply', () => {
    const reply = `it is green ${'x '.repeat(30)}`
    expect(read(reply)).toEqual([null, 'C'])
  })
})
