import { expect, test } from '@jest/globals'
import { requestIdOf } from './request-id.js'

const rest = { head: '', tail: '' }

test.each([
  ['{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"arguments":{"data":"iVBO', 7],
  ['{"jsonrpc": "2.0", "id": "a-b", "method": "tools/call", "par', 'a-b'],
  ['{"method":"tools/call","id":3,"params":{"na', 3],
  ['{"id":0,"jsonrpc":"2.0","par', 0],
])('finds the id before the parameters: %s', (head, id) => {
  expect(requestIdOf({ ...rest, head })).toBe(id)
})

test.each([
  ['Jggg=="}},"jsonrpc":"2.0","id":12}', 12],
  ['Jggg=="}}, "id": "x", "jsonrpc": "2.0"}\r', 'x'],
])('finds the id behind the parameters: %s', (tail, id) => {
  expect(requestIdOf({ ...rest, tail })).toBe(id)
})

test.each([
  ['that of an inner object', { head: '{"params":{"id":5,"a":"', tail: '","id":6}}' }],
  ['one within a text', { head: '"id":5,', tail: String.raw`,\"id\":6}"}` }],
  ['one of another kind', { head: '{"id":null,"params":{', tail: '"}}' }],
  ['one of a list of messages', { head: '[{"id":1,"params":{', tail: '},"id":2}]' }],
  ['what is no message', { head: 'xxxx', tail: 'xxxx' }],
])('takes for an id not %s', (_, line) => {
  expect(requestIdOf(line)).toBeNull()
})
