import { describe, expect, test } from '@jest/globals'
import { PythonError } from './error.js'
import { pythonLiteral } from './literal.js'
import { pythonValueRepr } from './value.js'

/** What `repr(ast.literal_eval(text))` gives, or the class of what it raises. */
function evaluated(text: string): string {
  try {
    return pythonValueRepr(pythonLiteral(text))
  } catch (error) {
    if (error instanceof PythonError) return error.className
    throw error
  }
}

describe('pythonLiteral', () => {
  test.each([
    ['[1, 2.0, None, True]', '[1, 2.0, None, True]'],
    ["('a', )", "('a',)"],
    ['1, 2', '(1, 2)'],
    ["{'a': 1, 'b': [2]}", "{'a': 1, 'b': [2]}"],
    ['{1: "x", 1.0: "y", True: "z"}', "{1: 'z'}"],
    ['{1, 1.0, 2}', '{1, 2}'],
    ['set()', 'set()'],
    ['[...]', '[Ellipsis]'],
    ['-5', '-5'],
    ['1+2j', '(1+2j)'],
    ['-1e16-0.5j', '(-1e+16-0.5j)'],
    ['3j', '3j'],
    ['0x1F', '31'],
    ['0b1_01', '5'],
    ['1_000', '1000'],
    ['00', '0'],
    ['09.5', '9.5'],
    ['1e999', 'inf'],
  ])('reads %s', (text, value) => expect(evaluated(text)).toBe(value))

  test.each([
    ["'New' ' York'", "'New York'"],
    [
      String.raw`'\x41\u00e9\U0001F600\101\
end'`,
      "'Aé😀Aend'",
    ],
    [String.raw`'\d'`, String.raw`'\\d'`],
    [String.raw`r'\d'`, String.raw`'\\d'`],
    ['"""a\rb"""', String.raw`'a\nb'`],
    [String.raw`b'\x00a' B"\377"`, String.raw`b'\x00a\xff'`],
  ])('reads the string %j', (text, value) => expect(evaluated(text)).toBe(value))

  test.each(['\n[1]', '  [1]  # comment', '[1,\n\n 2]\n', '\\\n[1]', '[1]\n\n# end', '[1] \\\n '])(
    'takes the layout of %j',
    (text) => expect(evaluated(text)).toMatch(/^\[1/),
  )

  test.each(['\n [1]', '[1]\n  ', '[1]\n2', '[1]\\', '\u00a0[1]', '\v[1]', '[1]\0', "['\ud800']", "'a\nb'"])(
    'refuses the layout of %j',
    (text) => expect(evaluated(text)).toBe('SyntaxError'),
  )

  test.each(['01', '1__0', '1a', '0x', '[1 2]', '[,]', "b'é'", "'a' b'b'", '\u0665', 'for', '1 2', '{1: }'])(
    'refuses %s as Python does',
    (text) => expect(evaluated(text)).toBe('SyntaxError'),
  )

  test.each(['Apple', '--5', '1+2', '1j+1', "f'a'", '+True', '[a]', 'nan'])(
    'takes %s for an expression that is no literal',
    (text) => expect(evaluated(text)).toBe('ValueError'),
  )

  test('tells keys that are none, and numbers that have no text, by their own class', () => {
    expect(evaluated('{[]: 1}')).toBe('TypeError')
    expect(evaluated('{{1}}')).toBe('TypeError')
    expect(evaluated(`0x${'f'.repeat(4000)}`)).toBe('ValueError')
    expect(evaluated(`${'9'.repeat(309)}+1j`)).toBe('OverflowError')
  })

  test('allows 200 brackets inside of each other', () => {
    expect(evaluated('['.repeat(200) + ']'.repeat(200))).toMatch(/^\[{200}/)
    expect(evaluated('['.repeat(201) + ']'.repeat(201))).toBe('SyntaxError')
    expect(evaluated('['.repeat(100_000))).toBe('SyntaxError')
  })
})
