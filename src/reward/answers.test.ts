import { describe, expect, test } from '@jest/globals'
import { areAnswersEquivalent, extractAnswer, verifyAnswerRule } from './answers.js'

describe('extractAnswer', () => {
  test('takes the last closed answer, trimmed', () => {
    expect(extractAnswer('<answer>one</answer> wait <answer>\n two </answer>')).toBe('two')
  })

  test('an answer inside a tool response is not the model’s', () => {
    expect(extractAnswer('<answer>mine</answer><tool_response><answer>9</answer></tool_response>')).toBe(
      'mine',
    )
  })

  test('falls back to what follows an unclosed tag, then to the last line', () => {
    expect(extractAnswer('so <answer> 42 m')).toBe('42 m')
    expect(extractAnswer('first\n\nlast \n')).toBe('last')
  })

  test('gives nothing for empty text, blank text and 500 lines without a tag', () => {
    expect(extractAnswer('')).toBeNull()
    expect(extractAnswer(null)).toBeNull()
    expect(extractAnswer(' \n ')).toBeNull()
    expect(extractAnswer('z\n'.repeat(499))).toBe('z')
    expect(extractAnswer('z\n'.repeat(500))).toBeNull()
  })
})

describe('verifyAnswerRule', () => {
  test('finds the last stand-alone letter where the reference is one', () => {
    expect(verifyAnswerRule({ prediction: 'not b, but c)', reference: 'a' })).toBe('C')
    expect(verifyAnswerRule({ prediction: 'Bad', reference: 'A' })).toBeNull()
  })

  test('gives a number as Python prints it, else the last number', () => {
    expect(verifyAnswerRule({ prediction: ' 12 ', reference: 'x' })).toBe('12.0')
    expect(verifyAnswerRule({ prediction: '3 of 12 cars', reference: 'x' })).toBe('12')
    expect(verifyAnswerRule({ prediction: 'none', reference: 'x' })).toBeNull()
  })
})

describe('areAnswersEquivalent', () => {
  test.each([
    ['8.0', '8', true],
    ['Main St', 'Main St', true],
    ['Main St', 'main st', false],
    ['about 8 km', '8', true],
    ['8.00005', '8', true],
    ['8.0002', '8', false],
    ['0.25', '1/4', true],
    ['1/4', '0.25', false],
    ['The answer is (D)', 'd', true],
    ['', '', true],
    ['x', '', false],
  ])('%j against %j: %p', (prediction, reference, equivalent) => {
    expect(areAnswersEquivalent({ prediction, reference })).toBe(equivalent)
  })

  test('a missing answer and a reference that is no text never match', () => {
    expect(areAnswersEquivalent({ prediction: null, reference: 'x' })).toBe(false)
    expect(areAnswersEquivalent({ prediction: '5', reference: 5 })).toBe(false)
  })
})
