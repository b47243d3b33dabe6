import { expect, test } from '@jest/globals'
import { UsageError } from './errors.js'
import { expectNoSecret } from './expect-no-secret.js'

const check =
  (name: string, value: string): (() => void) =>
  () =>
    expectNoSecret({ option: '--env', name, value, advice: 'Leave it out.' })

test.each([
  ...['OPENAI_API_KEY', 'OPENAI_API_KEY_2', 'OPENAI_APIKEY', 'api_key', 'apiKey', 'AWS_ACCESS_KEY_ID'],
  ...['HF_TOKEN', 'PGPASSWORD', 'DB_PASS', 'MYSQL_PWD', 'Client-Secret', 'GIT_CREDENTIALS'],
])('a variable named %s is refused, without its value', (name) => {
  expect(check(name, 'of-somebody')).toThrow(UsageError)
  expect(check(name, 'of-somebody')).toThrow(`--env: expected no key or password (${name})`)
  expect(check(name, 'of-somebody')).not.toThrow('of-somebody')
})

test.each([
  'http://u:pw@host/v1',
  'https://token@host',
  'http://:pw@host',
  'redis://:pw@host:6379/0',
  'an address http://u:p@ss@host and more',
  'sk-0123456789abcdef',
  'Authorization: Bearer 0123456789',
])('the value %s is refused whatever it is named, and not repeated', (value) => {
  expect(check('ADDRESS', value)).toThrow('--env: expected no')
  expect(check('ADDRESS', value)).not.toThrow(value)
})

test.each([
  ['OPENAI_BASE_URL', 'http://vllm:8000/v1'],
  ['TOKENIZERS_PARALLELISM', 'false'],
  ['MAX_TOKENS', '4096'],
  ['SSL_KEY_FILE', '/secrets/key.pem'],
  ['KEYBOARD', 'de'],
  ['PWD', '/shared'],
  ['OLDPWD', '/shared'],
  ['BYPASS', '1'],
  ['REPOSITORY', 'ssh://git@host/a.git'],
  ['MAIL', 'somebody@host'],
  ['HEADER', 'Authorization: Bearer $TOKEN'],
])('%s=%s is no secret', (name, value) => {
  expect(check(name, value)).not.toThrow()
})
