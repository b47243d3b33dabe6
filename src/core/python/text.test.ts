import { describe, expect, test } from '@jest/globals'
import {
  PYTHON_WORD,
  PYTHON_WORD_CHARACTER,
  pythonIncludes,
  pythonLength,
  pythonSplit,
  pythonSplitlines,
  pythonStrip,
  pythonStripCharacters,
} from './text.js'

describe('pythonStrip', () => {
  test('strips separators and NEL, which JavaScript keeps, and keeps U+FEFF, which JavaScript strips', () => {
    expect(pythonStrip('\x1c\x85 a b \u3000\n')).toBe('a b')
    expect(pythonStrip('\ufeffa\u200b')).toBe('\ufeffa\u200b')
  })

  test('stays linear on a long run of spaces inside a text', () => {
    const text = `a${' '.repeat(200_000)}b`
    expect(pythonStrip(text)).toBe(text)
  })
})

test('pythonSplitlines takes CR LF as one end and gives no empty last line', () => {
  expect(pythonSplitlines('a\r\nb\vc\u2028d\n')).toEqual(['a', 'b', 'c', 'd'])
  expect(pythonSplitlines('a\n\n')).toEqual(['a', ''])
  expect(pythonSplitlines('')).toEqual([])
  expect(pythonSplitlines('\n')).toEqual([''])
})

test('PYTHON_WORD holds numbers of every kind, but no combining mark', () => {
  const word = new RegExp(`^[${PYTHON_WORD}]$`, 'u')
  expect(['é', '中', '²', '٣', '_'].every((character) => word.test(character))).toBe(true)
  expect(['\u0301', '-', '\u200d'].some((character) => word.test(character))).toBe(false)
})

test('a word character is one that Unicode 14 knows', () => {
  const word = new RegExp(`^${PYTHON_WORD_CHARACTER}$`, 'u')
  expect(word.test('中')).toBe(true)
  expect(word.test(String.fromCodePoint(0x1c89))).toBe(false)
})

test('lengths and parts are of code points', () => {
  expect(pythonLength('a😀\ud800')).toBe(3)
  expect(pythonIncludes({ text: 'x😀', part: '😀' })).toBe(true)
  expect(pythonIncludes({ text: 'x😀', part: '\ud83d' })).toBe(false)
  expect(pythonIncludes({ text: '😀\ud83d', part: '\ud83d' })).toBe(true)
  expect(pythonIncludes({ text: '', part: '' })).toBe(true)
})

test('words stand between white space of any kind, and a set of characters is stripped at both ends', () => {
  expect(pythonSplit('\x1c a\u00a0\u3000b\n')).toEqual(['a', 'b'])
  expect(pythonStripCharacters("' 'a b''", " '")).toBe('a b')
  expect(pythonStripCharacters('...', '.')).toBe('')
})
