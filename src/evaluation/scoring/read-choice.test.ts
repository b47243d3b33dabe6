import { describe, expect, test } from '@jest/globals'
import { ends } from '../../core/testing/ends.js'
import { readChoice } from './read-choice.js'

const OPTIONS = ['red', 'A dog', 'green', 'red.']

function read({
  answer,
  profile = 'strict',
  options = OPTIONS,
  reference = 'B',
}: {
  answer: string
  profile?: 'strict' | 'codevision'
  options?: readonly string[]
  reference?: string
}): string | null {
  const choice = readChoice({ profile, answer, options, reference })
  return choice === null ? null : `${choice.letter} ${choice.rule}`
}

describe('readChoice', () => {
  test.each(['B', 'b', '(B)', 'B.', '**B**', ' [b] ', 'Ｂ'])('reads %j as the letter B', (answer) => {
    expect(read({ answer })).toBe('B letter')
  })

  test('reads the text of an option, and a letter with its own text', () => {
    expect(read({ answer: 'a dog.' })).toBe('B option-text')
    expect(read({ answer: '(B) A dog' })).toBe('B letter-and-text')
  })

  test('does not read what could be two options', () => {
    expect(read({ answer: 'red' })).toBeNull()
    expect(read({ answer: 'B. green' })).toBeNull()
    expect(read({ answer: 'A or B' })).toBeNull()
  })

  test('a letter wins over an option whose text is that letter', () => {
    expect(read({ answer: 'A', options: ['B', 'A'] })).toBe('A letter')
  })

  test('reads no letter of an option that does not exist', () => {
    expect(read({ answer: 'E' })).toBeNull()
    expect(read({ answer: 'E', options: ['1', '2', '3', '4', '5'] })).toBe('E letter')
  })

  test.each(['*', ' ', '.', ')', '* '])('many of %j come to an end', (mark) => {
    expect(ends(() => read({ answer: `B${mark.repeat(1e6)}x` }))).toBeNull()
  })

  test('codevision takes the last letter by itself, where the whole answer names no option', () => {
    expect(read({ answer: 'so I choose C', profile: 'codevision' })).toBe('C last-letter')
    expect(read({ answer: 'so I choose C' })).toBeNull()
    expect(read({ answer: 'A dog', profile: 'codevision' })).toBe('B option-text')
  })
})
