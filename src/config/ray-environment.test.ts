import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { rayDashboard } from './ray-environment.js'

const addressIn = async (environment: Record<string, string>): Promise<string> =>
  (await rayDashboard({ environment })).address

test('the address of a driver is not taken for that of a dashboard', async () => {
  expect(await addressIn({ RAY_ADDRESS: 'auto' })).toBe('http://127.0.0.1:8265')
  expect(await addressIn({ RAY_ADDRESS: '10.0.0.1:6379' })).toBe('http://127.0.0.1:8265')
  expect(await addressIn({ RAY_ADDRESS: 'http://10.0.0.1:8265' })).toBe('http://10.0.0.1:8265')
})

test('what is given goes before RAY_API_SERVER_ADDRESS, and that before RAY_ADDRESS; what is empty counts as not set', async () => {
  const environment = { RAY_API_SERVER_ADDRESS: 'https://ray.example', RAY_ADDRESS: 'http://10.0.0.1:8265' }
  expect(await addressIn(environment)).toBe('https://ray.example')
  expect((await rayDashboard({ address: 'http://b', environment })).address).toBe('http://b')
  expect(await addressIn({ ...environment, RAY_API_SERVER_ADDRESS: ' ' })).toBe('http://10.0.0.1:8265')
})

test('the token is that of the file, else of the variable, of the file that a variable names, of what Ray keeps', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'codevision-ray-'))
  try {
    const path = join(folder, 'token')
    await writeFile(path, 'of-file\n')
    const tokenIn = async (given: object): Promise<string | null> =>
      (await rayDashboard({ environment: {}, home: folder, ...given })).token
    expect(await tokenIn({})).toBeNull()
    expect(await tokenIn({ environment: { RAY_AUTH_TOKEN_PATH: path } })).toBe('of-file')
    const both = { RAY_AUTH_TOKEN: 'of-variable', RAY_AUTH_TOKEN_PATH: path }
    expect(await tokenIn({ environment: both })).toBe('of-variable')
    expect(await tokenIn({ environment: both, tokenFile: path })).toBe('of-file')
    await expect(tokenIn({ tokenFile: join(folder, 'no') })).rejects.toThrow('--token-file')
    await mkdir(join(folder, '.ray'))
    await writeFile(join(folder, '.ray/auth_token'), 'of-ray')
    expect(await tokenIn({})).toBe('of-ray')
    expect(await tokenIn({ environment: both })).toBe('of-variable')
    await writeFile(path, '\n')
    await expect(tokenIn({ tokenFile: path })).rejects.toThrow('got nothing')
  } finally {
    await rm(folder, { recursive: true })
  }
})
