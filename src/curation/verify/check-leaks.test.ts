import { expect, test } from '@jest/globals'
import { checkLeaks } from './check-leaks.js'

const check = (
  thoughts: readonly string[],
  { answer = '417', question = 'Which number?', firstShown = 1, numbers = [] as string[] } = {},
) =>
  checkLeaks({
    plan: { answer, question },
    turns: thoughts.map((thought) => ({ thought, answer: null })),
    firstShown,
    numbers,
  })?.reason ?? null

test('an answer that is said before its evidence was shown is known too early', () => {
  expect(check(['I look.', 'It is 417.', 'So 417.'])).toBe('early-answer')
  expect(check(['I look.', 'I crop.', 'It is 417.'])).toBeNull()
  expect(check(['KR-204, surely.', 'x', 'x'], { answer: 'KR-204' })).toBe('early-answer')
})

test('an answer that may stand there by chance is not', () => {
  expect(check(['The box begins at 417.', 'x'], { numbers: ['image.crop((417, 3, 9, 20))'] })).toBeNull()
  expect(check(['About 14 lines.', 'x'], { answer: '14' })).toBeNull()
  expect(check(['Is it Nord or Sued?', 'x'], { answer: 'Nord', question: 'Nord or Sued?' })).toBeNull()
  expect(check(['It weighs 1417 or 4.417 or 417.5.', 'x'])).toBeNull()
})

test('words that tell of a plan are a leak', () => {
  for (const thought of ['The metadata says so.', 'I was told where it is.', 'According to the hint, left.'])
    expect(check([thought])).toBe('leak')
  expect(check(['Nothing is wrong with the plan itself; the note reads well.'])).toBeNull()
})
