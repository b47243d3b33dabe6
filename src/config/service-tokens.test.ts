import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readServiceTokens, type ServiceToken } from './service-tokens.js'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-tokens-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function read(
  text: string,
  { mode = 0o600 } = {},
): Promise<{ tokens: ServiceToken[]; warnings: string[] }> {
  const file = join(folder, `${Math.random()}`)
  await writeFile(file, text, { mode })
  const warnings: string[] = []
  const tokens = await readServiceTokens({
    file,
    environment: {},
    onWarning: (message) => warnings.push(message),
  })
  return { tokens, warnings }
}

const none = { file: undefined, onWarning: () => undefined }

test('a file holds one token, or several with the names of clients', async () => {
  expect(await read('0123456789abcdef\n')).toEqual({
    tokens: [{ client: 'client', token: '0123456789abcdef' }],
    warnings: [],
  })
  const { tokens } = await read('# trainers\n\nred: 0123456789abcdef\nblue:fedcba9876543210\n')
  expect(tokens).toEqual([
    { client: 'red', token: '0123456789abcdef' },
    { client: 'blue', token: 'fedcba9876543210' },
  ])
})

test('a token that is short, or has spaces, is refused without being shown', async () => {
  await expect(read('short')).rejects.toThrow(/at least 16 characters.*got one of 5/)
  await expect(read('hush hush hush hush')).rejects.not.toThrow(/hush/)
})

test('a file that is empty or not there is refused with what to do', async () => {
  await expect(read('# none\n')).rejects.toThrow('openssl rand')
  await expect(readServiceTokens({ ...none, file: join(folder, 'missing') })).rejects.toThrow(
    'cannot be read',
  )
})

test('a file that everybody can read is used with a warning', async () => {
  const { tokens, warnings } = await read('0123456789abcdef', { mode: 0o644 })
  expect(tokens).toHaveLength(1)
  expect(warnings).toEqual([expect.stringContaining('chmod 600')])
})

test('without a file the environment is asked, and may have none', async () => {
  const environment = { CODEVISION_SERVICE_TOKEN: ' 0123456789abcdef ' }
  expect(await readServiceTokens({ ...none, environment })).toEqual([
    { client: 'client', token: '0123456789abcdef' },
  ])
  expect(await readServiceTokens({ ...none, environment: {} })).toEqual([])
})
