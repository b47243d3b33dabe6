import { expect, test } from '@jest/globals'
import { pythonLower, pythonUpper } from './case.js'

test('small letters follow the whole mapping of Unicode', () => {
  expect(pythonLower('İΑΣ ΑΣ')).toBe('i̇ας ας')
  expect(pythonUpper('straße ﬁ')).toBe('STRASSE FI')
})

test('letters younger than Unicode 14 have no case', () => {
  const young = String.fromCodePoint(0x10d50)
  expect(pythonLower(`A${young}Σ`)).toBe(`a${young}σ`)
  expect(pythonUpper('a\u019b')).toBe('A\u019b')
})
