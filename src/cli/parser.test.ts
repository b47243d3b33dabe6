import { expect, test } from '@jest/globals'
import { COMMANDS } from './commands.js'
import { createParser } from './parser.js'

const made = (...words: string[]): unknown => createParser({ words, commands: COMMANDS })

test('help of a command that there is not is refused, with the one that was meant', () => {
  expect(() => made('nonsense', '--help')).toThrow('Unknown command: nonsense. codevision --help')
  expect(() => made('evla', '--help')).toThrow('Unknown command: evla; did you mean eval?')
  expect(() => made('--help', 'nonsense')).toThrow('Unknown command: nonsense. codevision --help')
})

test.each([[['--help']], [['eval', '--help']], [['data', 'synth', '--help']], [['clean', '--help']]])(
  'help of %j is shown',
  (words) => {
    expect(made(...words)).toBeDefined()
  },
)
