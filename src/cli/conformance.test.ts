import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from '@jest/globals'
import { conformanceTarget } from './conformance-target.js'
import { runCommand } from './testing/run-command.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-conformance-cli-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const target = (given: Partial<Parameters<typeof conformanceTarget>[0]>) =>
  conformanceTarget({ target: 'env', url: undefined, python: undefined, ...given })

test('a target is a URL of the environment, or a face with or without one', () => {
  expect(target({ target: 'http://a:1' })).toEqual({ face: 'env', url: 'http://a:1' })
  expect(target({ target: 'mcp' })).toEqual({ face: 'mcp', url: undefined })
  expect(target({ target: 'verl' })).toEqual({ face: 'verl', url: undefined, python: 'python3' })
  expect(target({ target: 'trl', url: 'http://a:1', python: 'p' })).toEqual({
    face: 'trl',
    url: 'http://a:1',
    python: 'p',
  })
})

test('a target that is none, two URLs, and a Python that nothing uses are refused', () => {
  expect(() => target({ target: 'opnenv' })).toThrow(/expected one of env, .*did you mean openenv\?/)
  expect(() => target({ target: 'http://a:1', url: 'http://b:1' })).toThrow('Name one URL')
  expect(() => target({ target: 'mcp', python: 'python3' })).toThrow('expected it beside verl or trl')
})

test('what is given twice, or is empty, ends with exit code 2', async () => {
  for (const [options, told] of [
    [['--url', 'http://a:1', '--url', 'http://b:1'], '--url: expected the address of a service'],
    [['--url', 'a:1'], 'did you mean http://a:1?'],
    [['--python', 'a', '--python', 'b'], '--python: expected the path of one Python, got ["a","b"]'],
    [['--python', ''], '--python: expected the path of one Python, got ""'],
  ] as const) {
    const { code, stderr } = await runCommand({ args: ['conformance', 'verl', ...options], cwd: folder })
    expect(stderr).toContain(told)
    expect(code).toBe(2)
  }
}, 120_000)

test('a machine that is not set up is told in sentences, with what to do', async () => {
  const home = await mkdtemp(join(tmpdir(), 'codevision-home-'))
  const environment = { TMPDIR: folder, HOME: home, XDG_CACHE_HOME: '' }
  const { code, stderr } = await runCommand({ args: ['conformance', 'env'], cwd: folder, environment })
  await rm(home, { recursive: true })
  expect(stderr).toMatch(
    /^ServiceProcessError: codevision serve env: expected it to listen, got exit code 1/m,
  )
  expect(stderr).toContain('npx codevision setup')
  expect(stderr).not.toContain('    at ')
  expect(code).toBe(1)
  expect(await readdir(folder)).toEqual([])
}, 120_000)

test('a name without a URL is tried over a service of its own, of which nothing is left', async () => {
  const environment = { TMPDIR: folder }
  const { code, stdout } = await runCommand({ args: ['conformance', 'openenv'], cwd: folder, environment })
  expect(stdout).toMatch(/^ok {4}reset begins an episode/m)
  expect(stdout).toMatch(/^All \d+ rules hold\.$/m)
  expect(code).toBe(0)
  expect(await readdir(folder)).toEqual([])
}, 180_000)

test('a Python that there is not ends with exit code 2', async () => {
  const args = ['conformance', 'trl', '--python', '/nowhere/python']
  const { code, stderr } = await runCommand({ args, cwd: folder, environment: { TMPDIR: folder } })
  expect(stderr).toContain('--python /nowhere/python: expected a Python with trl')
  expect(code).toBe(2)
  expect(await readdir(folder)).toEqual([])
}, 120_000)

test('Ctrl-C between two rules ends it with exit code 130, and nothing is left', async () => {
  const child = spawn(process.execPath, [program, 'conformance', 'env'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder },
  })
  let stdout = ''
  child.stdout.on('data', (chunk) => {
    if (stdout === '') child.kill('SIGINT')
    stdout += String(chunk)
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(stdout).toMatch(/^ok {4}the health check runs code/)
  expect(stdout).not.toContain('rules')
  expect(code).toBe(130)
  expect(await readdir(folder)).toEqual([])
}, 120_000)

test('Ctrl-C ends it where the service of --url never answers', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const child = spawn(
    process.execPath,
    [program, 'conformance', 'env', '--url', `http://127.0.0.1:${port}`],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  server.on('request', () => child.kill('SIGINT'))
  const [code] = (await once(child, 'close')) as [number | null]
  server.closeAllConnections()
  server.close()
  expect(stderr).toMatch(/^\nEnding\.\nInterrupted\.\n$/)
  expect(code).toBe(130)
}, 60_000)
