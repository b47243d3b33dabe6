import { expect, test } from '@jest/globals'
import { bareCode } from './bare-code.js'

test.each([
  ['a = 1 # .rotate(90)\nb', 'a = 1 \nb'],
  ['a = "# no comment" + b', 'a = "" + b'],
  ["a = 'it\\'s' # yes", "a = '' "],
  ['"""a\n# b\n"c" """ + d', '"""""" + d'],
  ["'not closed # x\ny # z", "''\ny "],
  ['"""not closed\n# x', '""""""'],
  ['r"\\"', 'r""'],
  ['# only', ''],
  ['', ''],
])('%j without comments and strings is %j', (code, bare) => {
  expect(bareCode(code)).toBe(bare)
})
