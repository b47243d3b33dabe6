import { expect, test } from '@jest/globals'
import { byCodePoints } from './code-point-order.js'

test('texts come in the order of their code points, prefixes first', () => {
  const texts = ['b', '', 'ab', '\u{1f600}', '\uffe5', 'a', '\u{1f600}a', '\u{1f601}', '\ud83d', 'é']
  expect(texts.toSorted(byCodePoints)).toEqual([
    '',
    'a',
    'ab',
    'b',
    'é',
    '\ud83d',
    '\uffe5',
    '\u{1f600}',
    '\u{1f600}a',
    '\u{1f601}',
  ])
})

test('a pair whose first half equals a lone surrogate comes behind it', () => {
  expect(byCodePoints('\ud83d\ude00', '\ud83dz')).toBeGreaterThan(0)
  expect(byCodePoints('\ud83dz', '\ud83d\ude00')).toBeLessThan(0)
  expect(byCodePoints('\ud83d\ude00', '\ud83d\uffe5')).toBeGreaterThan(0)
})
