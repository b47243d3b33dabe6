import { describe, expect, test } from '@jest/globals'
import { parseQuestion } from './parse-question.js'

describe('parseQuestion', () => {
  test('takes quoted text as the anchor and the wording as kind and relation', () => {
    expect(parseQuestion("Which code is written directly below the name 'Bervuma'?")).toMatchObject({
      kind: 'code',
      relation: 'below',
      anchors: ['Bervuma'],
      column: null,
    })
    expect(parseQuestion('What is the amount for “Green Tea”?')).toMatchObject({
      kind: 'amount',
      relation: 'beside',
      anchors: ['Green Tea'],
    })
  })

  test('keeps the heading of a column apart from the anchor', () => {
    const plan = parseQuestion("Which number is given for 'Warvek' in the column 'June'?")
    expect(plan).toMatchObject({ kind: 'number', anchors: ['Warvek'], column: 'June' })
  })

  test('falls back to names and numbers that are not quoted, the first word aside', () => {
    expect(parseQuestion('In which year was Ada Lovelace born?').anchors).toEqual(['Ada Lovelace'])
    expect(parseQuestion('How many lines have the amount 0.00?')).toMatchObject({
      kind: 'count',
      anchors: ['0.00'],
    })
  })

  test('reads which of several places is meant', () => {
    expect(parseQuestion("What stands below the second 'Total' line?").occurrence).toBe(1)
    expect(parseQuestion("What stands below the last 'Total' line?").occurrence).toBe(-1)
    expect(parseQuestion("What stands below the 'Total' line?").occurrence).toBeNull()
  })

  test('takes an apostrophe inside a word for no quotation mark', () => {
    expect(parseQuestion("What is the baker's price for the farmer's bread?").anchors).toEqual([])
  })

  test('knows questions that text cannot answer', () => {
    expect(parseQuestion('What colour is the bus?').kind).toBe('appearance')
    expect(parseQuestion('In which direction does the arrow point?').kind).toBe('direction')
  })
})
