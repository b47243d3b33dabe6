import { expect, test } from '@jest/globals'
import { fillPrompt, promptTemplate } from './prompt-template.js'

test('a line whose placeholders are empty is left out, other blank lines stay', () => {
  const prompt = '{paragraph}\n{question}\n\nAnswer {options}.\n'
  expect(fillPrompt({ prompt, values: { question: 'Q?', options: 'now' } })).toBe('Q?\n\nAnswer now.')
})

test('what a value says in braces stays', () => {
  expect(fillPrompt({ prompt: '{question}', values: { question: '{options}', options: 'x' } })).toBe(
    '{options}',
  )
})

test('a category has its own template, the others the default', () => {
  const prompt = promptTemplate.parse({ default: 'D {question}', 'Multi Choice': 'M {question}' })
  expect(fillPrompt({ prompt, category: 'Multi Choice', values: { question: 'Q' } })).toBe('M Q')
  for (const category of ['Factoid', 'constructor', 'toString'])
    expect(fillPrompt({ prompt, category, values: { question: 'Q' } })).toBe('D Q')
})

test('an unknown placeholder is refused with those that exist', () => {
  expect(() => promptTemplate.parse('{qestion}')).toThrow(
    /expected only the placeholders \{question\}.*\{qestion\} is none/,
  )
})
