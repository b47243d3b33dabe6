import { describe, expect, test } from '@jest/globals'
import { limitText } from './limit-text.js'

describe('limitText', () => {
  test('leaves a text within the limit alone', () => {
    expect(limitText({ text: 'x'.repeat(100), limit: 100 })).toBe('x'.repeat(100))
  })

  test('tells how much is missing and stays within the limit', () => {
    const text = limitText({ text: `${'a'.repeat(500)}${'b'.repeat(500)}`, limit: 200 })
    const [, missing] = /… (\d+) characters left out …/.exec(text) ?? []
    expect(text.length).toBeLessThanOrEqual(200)
    expect(text.replace(/\n….*…\n/, '').length + Number(missing)).toBe(1000)
  })

  test('cuts no surrogate pair', () => {
    for (const limit of [101, 102, 103]) {
      expect(limitText({ text: '😀'.repeat(300), limit })).not.toMatch(/\p{Surrogate}/u)
    }
  })
})
