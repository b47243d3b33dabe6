import { describe, expect, test } from '@jest/globals'
import { PythonError } from '../../core/python/error.js'
import { scoreChartqapro, type ChartqaproParameters } from './chartqapro.js'

function score(
  answer: string,
  prediction: string,
  changes: Partial<ChartqaproParameters> = {},
): { value: number; rule: string } {
  return scoreChartqapro({
    profile: 'official',
    answer: [answer],
    questionType: 'Factoid',
    year: ['NO'],
    prediction,
    ...changes,
  })
}

describe('scoreChartqapro', () => {
  test.each([
    ['100', '105', 1],
    ['100', '105.0001', 0],
    ['-5', '5', 0],
    ['0', '0.0', 1],
    ['0', '0.001', 0],
    ['5 %', '5.', 1],
    ['5', '\u0665', 1],
    ['inf', 'inf', 0],
  ])('numbers within 5 %% of %s: %s', (answer, prediction, value) => {
    expect(score(answer, prediction)).toEqual({ value, rule: 'number' })
  })

  test('other texts are compared by edit distance, nothing below a half', () => {
    expect(score('Apple', 'aple')).toEqual({ value: 0.8, rule: 'anls' })
    expect(score('Apple', 'Ap')).toEqual({ value: 0, rule: 'anls' })
  })

  test('a year must be equal', () => {
    expect(score('2020', '2021')).toEqual({ value: 1, rule: 'number' })
    expect(score('2020', '2021', { year: ['YES'] })).toEqual({ value: 0, rule: 'exact' })
  })

  test('a list is scored position by position, over the longer one', () => {
    expect(score('[Apple, Banana]', "['Apple', 'Banana']")).toEqual({ value: 1, rule: 'list' })
    expect(score("['a', 'b', 'c']", "['a', 'x']")).toEqual({ value: 1 / 3, rule: 'list' })
    expect(score('[2019, 2020]', '[2019, 2021]', { year: ['YES'] })).toEqual({ value: 0.5, rule: 'list' })
  })

  test('of a conversation, the last answer and the last flag count', () => {
    const conversation = { questionType: 'Conversational', answer: ['2019', '2020'] }
    expect(score('', '2021', { ...conversation, year: ['YES', 'NO'] }).value).toBe(1)
    expect(score('', '2021', { ...conversation, year: ['NO', 'YES'] }).value).toBe(0)
  })

  test('only lmms-eval holds statements and options to equality', () => {
    const changes = { questionType: 'Fact Checking' }
    expect(score('true', 'tru', changes).value).toBe(0.75)
    expect(score('true', 'tru', { ...changes, profile: 'lmms_eval' })).toEqual({ value: 0, rule: 'exact' })
  })

  test('where the reference raises, its class is told', () => {
    const raised = (changes: Partial<ChartqaproParameters>): unknown => {
      try {
        return score('5', '5', changes).value
      } catch (error) {
        return error instanceof PythonError ? error.className : error
      }
    }
    expect(raised({ year: [] })).toBe('IndexError')
    expect(raised({ year: [], profile: 'lmms_eval' })).toBe(1)
    expect(raised({ year: [null] })).toBe('AttributeError')
    expect(raised({ answer: [] })).toBe('IndexError')
    expect(raised({ answer: ['[{[]: 1}]'] })).toBe('TypeError')
  })
})
