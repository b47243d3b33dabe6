import { expect, test } from '@jest/globals'
import { readQuestion } from './asked.js'

test.each([
  [
    'Which code is printed at the foot of the receipt?',
    'read',
    'the code at the foot of the receipt',
    'the code',
  ],
  ['How many dots are drawn on the red card?', 'count', 'the dots on the red card', 'the dots'],
  ["Which room number stands next to 'Veit'?", 'read', "the room number next to 'Veit'", 'the room number'],
  [
    'Which number is larger, the one on the red card or the one on the blue card? Answer with it.',
    'compare',
    'the two numbers to compare',
    'the two numbers',
  ],
  ["What is the sum of the amounts for 'A' and for 'B'?", 'sum', 'the two amounts to add', 'the two amounts'],
  [
    'Take the number on the red card in the first image and in the second. What is the sum of both?',
    'sum',
    'the number on the red card',
    'the number',
  ],
  [
    'What colour is the shirt of the man next to the handrail?',
    'look',
    'the part that the question is about',
    'the part in question',
  ],
  ['What is the colour of the door?', 'look', 'the colour of the door', 'the colour'],
  [
    'What is the last word of the line that begins with "For the"?',
    'other',
    'the last word of the line that begins with "For the"',
    'the last word',
  ],
  [
    'Which number follows "Room" in the same line?',
    'read',
    'the number that follows "Room" in the same line',
    'the number',
  ],
  [
    'There is a line that reads "to let". What is written on the next line?',
    'other',
    'the line that begins with "to let"',
    'the line',
  ],
  [
    'What does it show?\nA. Left\nB. Right',
    'choice',
    'the part that the question is about',
    'the part in question',
  ],
  ['Is the door open?', 'look', 'the part that the question is about', 'the part in question'],
])('%s', (question, kind, target, short) => {
  expect(readQuestion(question)).toMatchObject({ kind, target, short })
})

test('a question becomes a clause with the words in their order, or none', () => {
  const clause = (question: string) => readQuestion(question).clause
  expect(clause('How many dots are drawn on the red card?')).toBe('how many dots are drawn on the red card')
  expect(clause('What is the total amount?')).toBe('what the total amount is')
  expect(clause('What does the small sign say?')).toBe('what the small sign says')
  expect(clause('How many times does the word "of" occur in the image?')).toBe(
    'how many times the word "of" occurs in the image',
  )
  expect(clause('Is the door open?')).toBeNull()
})
