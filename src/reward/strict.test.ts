import { expect, test } from '@jest/globals'
import { ends } from '../core/testing/ends.js'
import { isStrictMatch, normalizeStrict } from './strict.js'

test.each([
  ['Main Street.', 'main street', true],
  ['ＡＢＣ１２', 'abc12', true],
  ['STRASSE', 'Straße', true],
  [' 12 ', '12', true],
  ['12%', '12', false],
  ['12.0', '12', false],
  ['1,200', '1200', false],
  ['main  street', 'main street', false],
  ['?', '!', false],
])('%j against %j: %p', (answer, accepted, right) => {
  expect(isStrictMatch({ answer, answers: ['something else', accepted] })).toBe(right)
})

test.each(['.', ' ', '\u3000', '. '])('long inner runs of %j come to an end', (mark) => {
  const text = `a${mark.repeat(1e6)}x`
  expect(ends(() => normalizeStrict(text))).toBe(text.normalize('NFKC'))
})
