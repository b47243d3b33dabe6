import { expect, test } from '@jest/globals'
import { guessAnswers } from './guess-answers.js'

test('the most frequent answer of one half is tried on the other', () => {
  const answers = ['7', '7', '7', '7', '8', '9']
  const rows = answers.map((answer) => ({ category: 'count', answer }))
  // Even rows 7 7 8, odd rows 7 7 9: each half holds the guess of the other twice.
  expect(guessAnswers(rows)).toEqual(new Map([['count', { rows: 6, right: 4 }]]))
})

test('answers that never come again are never guessed', () => {
  const rows = ['1', '2', '3', '4'].map((answer) => ({ category: 'sum', answer }))
  expect(guessAnswers(rows).get('sum')).toEqual({ rows: 4, right: 0 })
})
