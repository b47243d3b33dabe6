import { describe, expect, test } from '@jest/globals'
import { judgeTaskType, parseJudgeScore, readJudgeReply } from './judge-reading.js'

describe('the reading codevision', () => {
  test.each([
    ['Verdict: 1', 1],
    ['  WRONG\n', 0],
    ['It is 1, I think', 1],
    ['0/1', 1],
    ['rating 0', 0],
    ['score:0of1', 0],
  ])('reads %j as %i', (response, score) => {
    expect(parseJudgeScore(response)).toEqual({ score, error: '' })
  })

  test('what it cannot read scores 0, with the text', () => {
    expect(parseJudgeScore('Judgment: Maybe')).toEqual({
      score: 0,
      error: 'Failed to parse score from: maybe',
    })
    expect(readJudgeReply({ response: 'maybe', reading: 'codevision' })).toBe(false)
  })
})

describe('the reading exact', () => {
  test('takes a 0 or 1 alone', () => {
    expect(readJudgeReply({ response: ' 1\n' })).toBe(true)
    expect(readJudgeReply({ response: '0' })).toBe(false)
  })

  test.each(['0/1', '1.0', 'yes', '', '10', 'Answer: 1', '1 because'])('does not read %j', (response) => {
    expect(readJudgeReply({ response })).toBeNull()
  })
})

test.each([
  ['DocOCR', 'ocr'],
  ['Geometry3K', 'math'],
  ['ocr_math', 'ocr'],
  ['Coding', 'code'],
  ['CASIA', 'general'],
  ['', 'general'],
])('the task %j is of kind %s', (task, kind) => {
  expect(judgeTaskType(task)).toBe(kind)
})
