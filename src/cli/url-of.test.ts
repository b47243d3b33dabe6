import { expect, test } from '@jest/globals'
import { urlOf } from './url-of.js'

const { coerce } = urlOf('--url')

test.each([
  'http://127.0.0.1:8000',
  'https://env.example',
  'HTTP://[::1]:80',
  'http://:token@env:8000/under',
])('takes %s', (given) => {
  expect(coerce(given)).toBe(given)
})

test.each([
  ...['', ' ', 'ftp://env', 'http://', 'http://a b', 'http://env\n', 'http://env:99999', 'http://env/?a=1'],
  ...['http://env#a', ['http://a', 'http://b'], 'file:///env'],
])('refuses %j', (given) => {
  expect(() => coerce(given)).toThrow(
    `--url: expected the address of a service such as http://127.0.0.1:8000, got ${JSON.stringify(given)}`,
  )
})

test.each(['localhost:8000', 'env'])('tells what %s probably means', (given) => {
  expect(() => coerce(given)).toThrow(`did you mean http://${given}?`)
})
