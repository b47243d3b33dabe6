import { expect, test } from '@jest/globals'
import { parsePythonList } from './python-list.js'

test.each([
  ["['a', 'b']", ['a', 'b']],
  [`["it's", 'a "b"', 'c\\'d']`, ["it's", 'a "b"', "c'd"]],
  ["['\\\\frac{1}{2}', '\\frac']", ['\\frac{1}{2}', '\frac']],
  ["['\\alpha \\pi \\u00e9\\x41']", ['\x07lpha \\pi éA']],
  ["[ 'a' , ]", ['a']],
  ['[3, -1.5, None]', ['3', '-1.5', 'None']],
  ["['a, b]', '']", ['a, b]', '']],
  ['[]', []],
])('%s is read as Python reads it', (text, items) => {
  expect(parsePythonList(text)).toEqual(items)
})

test.each(['plain', "['a'", "['a' 'b']", "['a]", "{'a'}"])('%s is no list', (text) => {
  expect(parsePythonList(text)).toBeNull()
})
