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

  test('a turn that was cut names the limits that do so', () => {
    expect(showEvent({ type: 'stopped', turns: 1, stop: 'truncated' })).toMatch(
      /^\nStopped after 1 turn: its text .* was cut \(--max-characters/,
    )
  })
})
