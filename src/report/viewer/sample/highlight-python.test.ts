import { expect, test } from '@jest/globals'
import { highlightPython } from './highlight-python.js'

const textOf = (source: string): string =>
  highlightPython(source)
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n')
const kinds = (source: string): string[] =>
  highlightPython(source).flatMap((line) => line.map(({ kind, text }) => `${kind}:${text}`))

test('keywords, numbers, strings, comments and calls are told apart', () => {
  expect(kinds('for x in range(3): # go')).toEqual([
    'keyword:for',
    'plain: x ',
    'keyword:in',
    'plain: ',
    'call:range',
    'plain:(',
    'number:3',
    'plain:): ',
    'comment:# go',
  ])
  expect(kinds(`s = f'a\\'b' + "c"`)).toEqual(['plain:s = ', `string:f'a\\'b'`, 'plain: + ', 'string:"c"'])
})

test('a string over several lines keeps its colour on each', () => {
  const lines = highlightPython('a = """one\ntwo"""\nb')
  expect(lines).toHaveLength(3)
  expect(lines[1]).toEqual([{ kind: 'string', text: 'two"""' }])
  expect(lines[2]).toEqual([{ kind: 'plain', text: 'b' }])
})

test.each([
  '',
  'x',
  "'",
  '"""',
  '#',
  'a\n\nb',
  "print('open\nnext)",
  '\\',
  '٣ = ü',
  '<script>',
  '😀 = 1',
  '\t\r',
])('no character of %j is lost', (source) => expect(textOf(source)).toBe(source))

test('a long line of quotes is read in linear time', () => {
  const source = `x = ${"'".repeat(100_001)}`
  expect(textOf(source)).toBe(source)
})
