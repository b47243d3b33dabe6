import { expect, test } from '@jest/globals'
import { urlOf } from './url-of.js'

const { coerce } = urlOf('--url')

test.each(['http://127.0.0.1:8000', 'https://env.example', 'HTTP://[::1]:80', 'http://env:8000/under/@me'])(
  'takes %s',
  (given) => {
    expect(coerce(given)).toBe(given)
  },
)

test.each([
  ...['', ' ', 'ftp://env', 'http://', 'http://a b', 'http://env\n', 'http://env:99999', 'http://env/?a=1'],
  ...['http://env#a', ['http://a', 'http://b'], 'file:///env'],
])('refuses %j', (given) => {
  expect(() => coerce(given)).toThrow(
    `--url: expected the address of a service such as http://127.0.0.1:8000, got ${JSON.stringify(given)}`,
  )
})

test.each(['http://user:pass-word@env:8000', 'http://:pass-word@env', 'https://pass-word@env/under'])(
  'refuses %s, whose password would stand in files, without saying it again',
  (given) => {
    expect(() => coerce(given)).toThrow('--url: expected no user or password in an address')
    expect(() => coerce(given)).not.toThrow('pass-word')
  },
)

test.each(['localhost:8000', 'env'])('tells what %s probably means', (given) => {
  expect(() => coerce(given)).toThrow(`did you mean http://${given}?`)
})
