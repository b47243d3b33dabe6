import { describe, expect, test } from '@jest/globals'
import { findAnswer, guessAnswer, readAt } from './find-answer.js'
import { arrangePage, type Page, type PageWord } from './page.js'
import { parseQuestion } from './parse-question.js'

/** A word at (x, y), 10 pixels a letter and 20 high. */
function word(text: string, x: number, y: number, confidence = 90): PageWord {
  return { text, confidence, box: [x, y, x + 10 * text.length, y + 20] }
}

function pageOf(...words: PageWord[]): Page {
  return arrangePage({ width: 800, height: 600, words })
}

function answerTo(question: string, page: Page): string | undefined {
  return findAnswer({ page, plan: parseQuestion(question) })?.text
}

const receipt = pageOf(
  word('Doveth', 50, 100),
  word('Basket', 120, 102),
  word('97,46', 600, 101),
  word('Talmer0', 50, 150),
  word('Candle', 130, 150),
  word('2', 400, 150),
  word('x', 430, 150),
  word('1.10', 450, 150),
  word('2.20', 600, 151),
  word('Total', 50, 250),
  word('99.66', 600, 250),
)

describe('findAnswer', () => {
  test('reads the last amount of the line that the question names, misread letters or not', () => {
    expect(answerTo("What amount is printed for the line 'Doveth Basket'?", receipt)).toBe('97,46')
    expect(answerTo("What amount is printed for 'Talmero Candle'?", receipt)).toBe('2.20')
  })

  test('finds a line by a plain word of the question where nothing is quoted', () => {
    expect(answerTo('What is the total on this receipt?', receipt)).toBe('99.66')
  })

  test('reads a code below a name and not the one beside it', () => {
    const badges = pageOf(
      word('Nolmo', 100, 100),
      word('EW-516', 90, 150),
      word('Kodona', 400, 100),
      word('VA-665', 400, 150),
      word('Sebek', 100, 300),
      word('UN-256', 90, 350),
    )
    expect(answerTo("Which code is written below 'Kodona'?", badges)).toBe('VA-665')
    expect(answerTo("Which code is written above 'Sebek'?", badges)).toBe('EW-516')
  })

  test('reads the cell where a row and a column of a table meet', () => {
    const table = pageOf(
      word('March', 300, 50),
      word('June', 500, 50),
      word('Febo', 50, 120),
      word('3973', 310, 120),
      word('9117', 500, 120),
      word('Sempo', 50, 180),
      word('1253', 310, 180),
      word('1871', 500, 180),
    )
    expect(answerTo("Which number is given for 'Sempo' in the column 'March'?", table)).toBe('1253')
    expect(answerTo("Which number is given for 'Febo' in the column 'June'?", table)).toBe('9117')
  })

  test('counts the places of a word, and of a number', () => {
    const text = pageOf(
      word('The', 0, 0),
      word('fox', 50, 0),
      word('saw', 100, 0),
      word('a', 150, 0),
      word('fox.', 200, 0),
    )
    expect(answerTo("How many times does the word 'fox' appear?", text)).toBe('2')
  })

  test('takes the occurrence that the question tells', () => {
    const lines = pageOf(
      word('Bean', 50, 50),
      word('Hot', 50, 90),
      word('Bean', 50, 130),
      word('Cold', 50, 170),
    )
    expect(answerTo("What is written below the second 'Bean' line?", lines)).toBe('Cold')
  })

  test('says null where the page has nothing of the question', () => {
    expect(answerTo("What amount is printed for 'Zebra Crossing'?", receipt)).toBeUndefined()
  })
})

describe('readAt', () => {
  test('reads what stands at the expected place and not what stands elsewhere', () => {
    const plan = parseQuestion("Which code is written below 'Nolmo'?")
    const page = pageOf(word('EW-516', 100, 100), word('VA-665', 500, 100))
    expect(readAt({ page, plan, place: [480, 95, 560, 125] })?.text).toBe('VA-665')
    expect(readAt({ page, plan, place: [100, 400, 160, 420] })).toBeNull()
  })
})

describe('guessAnswer', () => {
  test('prefers the largest text of the right form and says nothing about counts', () => {
    const big: PageWord = { text: 'HARBOUR', confidence: 90, box: [0, 0, 300, 80] }
    const page = pageOf(big, word('small', 0, 200), word('712', 0, 300))
    expect(guessAnswer({ page, plan: parseQuestion('What is written on the sign?') })?.text).toBe('HARBOUR')
    expect(guessAnswer({ page, plan: parseQuestion('Which number is on the sign?') })?.text).toBe('712')
    expect(guessAnswer({ page, plan: parseQuestion('How many ships are there?') })).toBeNull()
  })
})
