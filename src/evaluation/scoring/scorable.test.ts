import { expect, test } from '@jest/globals'
import { whyNotScorable } from './scorable.js'

const QUESTION = { question: 'Which?', answers: ['B'] }

test('a profile that a scorer does not have is refused with those it has', () => {
  expect(whyNotScorable({ profile: 'official', asked: QUESTION })).toMatch(
    /expected codevision, strict for answers that belong to no benchmark.*got official/,
  )
  const choice = { ...QUESTION, scorer: 'vstar', options: ['x', 'y'] } as const
  expect(whyNotScorable({ profile: 'official', asked: choice })).toMatch(
    /expected codevision, strict, vlmevalkit, lmms_eval for answers of the scorer vstar, got official/,
  )
  expect(whyNotScorable({ profile: 'lmms_eval', asked: choice })).toBeNull()
})

test('what a row lacks is named', () => {
  const scorer = 'hrbench'
  expect(whyNotScorable({ profile: 'strict', asked: { ...QUESTION, scorer } })).toMatch(
    /`options`.*`answers`/,
  )
  expect(
    whyNotScorable({
      profile: 'strict',
      asked: { ...QUESTION, answers: ['C'], scorer, options: ['x', 'y'] },
    }),
  ).toMatch(/`answers` \(the letter/)
  expect(whyNotScorable({ profile: 'official', asked: { ...QUESTION, scorer: 'ocrbench' } })).toMatch(
    /category/,
  )
  const asked = { ...QUESTION, scorer: 'chartqapro', metadata: { answer: ['B'], year: 'NO' } } as const
  expect(whyNotScorable({ profile: 'official', asked })).toMatch(/metadata\.answer/)
  expect(whyNotScorable({ profile: 'strict', asked })).toBeNull()
})
