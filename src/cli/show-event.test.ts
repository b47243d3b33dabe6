import { describe, expect, test } from '@jest/globals'
import { showEvent } from './show-event.js'

describe('showEvent', () => {
  test('an empty turn is said to be one', () => {
    expect(showEvent({ type: 'text', turn: 0, text: ' \n', calls: 0 })).toBe('(the policy wrote nothing)')
  })

  test('a turn that is a call alone is not', () => {
    expect(showEvent({ type: 'text', turn: 0, text: '', calls: 1 })).toBe('')
    expect(showEvent({ type: 'text', turn: 0, text: '<tool_call>{}</tool_call>', calls: 0 })).toBe('')
  })

  test('a very long turn is shown by its beginning and its end', () => {
    const shown = showEvent({ type: 'text', turn: 0, text: 'x'.repeat(90_000), calls: 0 })
    expect(shown.length).toBeLessThan(4_001)
    expect(shown).toMatch(/^x+\n… 86\d\d\d characters left out …\nx+$/)
  })

  test('what the model is told of its calls stands before the one that runs', () => {
    const call = { code: 'pass', description: '', imageIndex: 0 }
    expect(showEvent({ type: 'call', turn: 0, call, note: 'Only the first call was run.' })).toMatch(
      /^Only the first call was run\.\ncode over image 0\n/,
    )
  })

  test('a turn that was cut names the limits that do so', () => {
    expect(showEvent({ type: 'stopped', turns: 1, stop: 'truncated' })).toMatch(
      /^\nStopped after 1 turn: its text .* was cut \(--max-characters/,
    )
  })
})
