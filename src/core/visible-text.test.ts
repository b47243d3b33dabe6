import { expect, test } from '@jest/globals'
import { visibleText } from './visible-text.js'

test('what would be invisible has a sign', () => {
  expect(visibleText('a\u0000b\u001bc\u007f')).toBe('a␀b␛c␡')
  expect(visibleText('x\u202ey\u2066z')).toBe('x⟨U+202E⟩y⟨U+2066⟩z')
  expect(visibleText('a\u2028b\u0085')).toBe('a⟨U+2028⟩b⟨U+0085⟩')
})

test('half a character is replaced, a whole one stays', () => {
  expect(visibleText('\ud83d and \ude00')).toBe('\ufffd and \ufffd')
  expect(visibleText('😀 שלום')).toBe('😀 שלום')
})

test('line breaks and tabs stay, those of Windows as one', () => {
  expect(visibleText('a\r\nb\n\tc')).toBe('a\nb\n\tc')
})
