import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { testRuntime } from '../config/test-runtime.js'
import { ServiceClient } from '../services/testing/service-client.js'

/** `codevision serve` as a user runs it. */
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const runtime = testRuntime() ?? 'auto'

let folder: string
let picture: string
const running: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-serve-'))
  const file = await sharp({ create: { width: 8, height: 6, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  picture = file.toString('base64')
})

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

interface Serving {
  child: ChildProcess
  /** What it wrote on both streams. */
  output: () => string
  exit: Promise<number | null>
}

function serve(...args: string[]): Serving {
  return offer('sandbox', ...args)
}

function offer(service: 'sandbox' | 'reward' | 'env', ...args: string[]): Serving {
  const child = spawn(process.execPath, [program, 'serve', service, ...args], {
    env: { ...process.env, CODEVISION_SERVICE_TOKEN: '' },
  })
  running.push(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += String(data)))
  const exit = once(child, 'close').then(([code]) => code as number | null)
  return { child, output: () => text, exit }
}

async function untilIt(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('codevision serve sandbox', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'answers the call that runs with an error after a second %s, and ends in order',
    async (signal) => {
      const path = join(folder, `twice-${signal}.sock`)
      const service = serve('--socket', path, '--runtime', runtime)
      await untilIt(() => service.output().includes('Sandbox service on') || service.child.exitCode !== null)
      const client = new ServiceClient({ url: path })
      await client.open('s', [picture])
      const call = client.execute('s', { call_id: 'a', code: 'import time\ntime.sleep(9)\nresult = image' })
      await new Promise((resolve) => setTimeout(resolve, 300))
      service.child.kill(signal)
      await untilIt(() => service.output().includes('draining'))
      service.child.kill(signal)
      expect((await call).json).toMatchObject({ error: { code: 'draining' } })
      expect(await service.exit).toBe(0)
      expect(service.output()).toContain('ended')
    },
  )

  test('ends in order with its standard input where that is asked for', async () => {
    const service = serve('--port', '0', '--runtime', runtime, '--end-with-stdin')
    await untilIt(() => service.output().includes('Sandbox service on'))
    service.child.stdin?.end()
    expect(await service.exit).toBe(0)
    expect(service.output()).toContain('draining')
  }, 60_000)

  test('serves on a socket for its user alone; after SIGTERM the call that runs is finished and the exit code is 0', async () => {
    const path = join(folder, 'service.sock')
    const service = serve('--socket', path, '--runtime', runtime)
    await untilIt(() => service.output().includes('Sandbox service on') || service.child.exitCode !== null)
    expect(service.output()).toContain(path)
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600')
    const client = new ServiceClient({ url: path })
    expect((await client.ask('GET', '/healthz')).json).toMatchObject({ status: 'ok' })
    await client.open('s', [picture])
    const code = 'import time\nprint("begun")\ntime.sleep(0.7)\nresult = image.rotate(90, expand=True)'
    const call = client.execute('s', { call_id: 'a', code })
    await new Promise((resolve) => setTimeout(resolve, 300))
    service.child.kill('SIGTERM')
    expect((await call).json).toMatchObject({ status: 'ok', image: { width: 6, height: 8 } })
    expect(await service.exit).toBe(0)
    expect(existsSync(path)).toBe(false)
  })

  test('asks for a token where other machines could reach it, and takes it from a file', async () => {
    const open = serve('--host', '0.0.0.0', '--port', '0', '--runtime', runtime)
    expect(await open.exit).toBe(2)
    expect(open.output()).toContain('--token-file')
    const file = join(folder, 'token')
    await writeFile(file, 'a-token-of-this-test\n', { mode: 0o600 })
    const service = serve('--host', '0.0.0.0', '--port', '0', '--token-file', file, '--runtime', runtime)
    await untilIt(() => service.output().includes('Sandbox service on') || service.child.exitCode !== null)
    const [, port] = /Sandbox service on http:\/\/[^:]+:(\d+)/.exec(service.output()) ?? []
    const client = new ServiceClient({ url: `http://127.0.0.1:${port}` })
    expect((await client.ask('GET', '/metrics')).status).toBe(401)
    const headers = { authorization: 'Bearer a-token-of-this-test' }
    expect((await client.ask('GET', '/metrics', { headers })).status).toBe(200)
    expect(service.output()).not.toContain('a-token-of-this-test')
  })

  test.each([
    [['--socket', '/tmp/x', '--port', '1'], 'mutually exclusive'],
    [['--socket', '/tmp/x', '--socket-mode', 'rw'], '--socket-mode'],
    [['--queue', '0'], '--queue: expected a whole number'],
    [['--port', '-1'], '--port: expected a whole number from 0 to 65535, got -1'],
    [['--lease', '-1'], '--lease: expected a positive number'],
    [['--token-file', '/no/such/file'], 'cannot be read'],
    [['--profile', 'standard', 'relase'], 'did you mean release?'],
  ])('refuses %j with exit code 2', async (args, message) => {
    const service = serve(...args)
    expect(await service.exit).toBe(2)
    expect(service.output()).toContain(message)
  })
})

describe('codevision serve reward', () => {
  const group = { key: 'g', requiredTools: ['rotate_90'], box: null }

  test('serves on a socket without a sandbox, and ends with exit code 0', async () => {
    const path = join(folder, 'reward.sock')
    const service = offer('reward', '--socket', path)
    await untilIt(() => service.output().includes('Reward service on') || service.child.exitCode !== null)
    expect(service.output()).toContain(`${path} (observed)`)
    const client = new ServiceClient({ url: path })
    expect((await client.ask('GET', '/healthz')).json).toMatchObject({ status: 'ok' })
    const rollouts = [{ key: 'r', correct: true, formatOk: true, calls: [] }]
    const body = { variant: 'paper', groups: [{ ...group, rollouts }] }
    const { json } = await client.ask('POST', '/v1/reward', { body })
    expect(json['groups']).toMatchObject([{ rollouts: [{ reward: { total: 1.1 } }] }])
    service.child.kill('SIGTERM')
    expect(await service.exit).toBe(0)
    expect(existsSync(path)).toBe(false)
  })

  test('reads the text of calls with --analysis static', async () => {
    const path = join(folder, 'static.sock')
    const service = offer('reward', '--socket', path, '--analysis', 'static', '--runtime', runtime)
    await untilIt(() => service.output().includes('Reward service on') || service.child.exitCode !== null)
    const client = new ServiceClient({ url: path })
    const calls = [{ ok: true, code: 'result = image.rotate(90, expand=True)' }]
    const rollouts = [{ key: 'r', correct: true, formatOk: true, calls }]
    const body = { variant: 'release', groups: [{ ...group, rollouts }] }
    const { json } = await client.ask('POST', '/v1/reward', { body })
    expect(json['groups']).toMatchObject([{ rollouts: [{ reward: { parts: { R_mandatory: 1 } } }] }])
    service.child.kill('SIGTERM')
    expect(await service.exit).toBe(0)
  })

  test.each([
    [['--host', '0.0.0.0'], '--token-file'],
    [['--groups', '0'], '--groups: expected a whole number'],
    [['--port', '65536'], '--port: expected a whole number from 0 to 65535, got 65536'],
    [['--sandbox-socket', '/tmp/x', '--runtime', 'auto'], 'mutually exclusive'],
    [['--analysis', 'statc'], 'did you mean static?'],
  ])('refuses %j with exit code 2', async (args, message) => {
    const service = offer('reward', ...args)
    expect(await service.exit).toBe(2)
    expect(service.output()).toContain(message)
  })
})

describe('codevision serve env', () => {
  test('offers the rows of a file as episodes, and ends with exit code 0', async () => {
    const path = join(folder, 'env.sock')
    const data = join(folder, 'rows.jsonl')
    const row = { id: 'a', question: 'Which colour?', answer: 'red', image: { bytes: picture } }
    await writeFile(data, `${JSON.stringify(row)}\n`)
    const config = join(folder, 'env.yaml')
    await writeFile(config, 'agent: { turns: 2 }\nreward: { variant: release }\ntraining: { batch: 2 }\n')
    const options = ['--data', data, '--config', config, '--socket', path, '--runtime', runtime]
    const service = offer('env', ...options)
    await untilIt(
      () => service.output().includes('Environment service on') || service.child.exitCode !== null,
    )
    expect(service.output()).toContain('1 tasks, reward release')
    const client = new ServiceClient({ url: path })
    expect((await client.ask('GET', '/healthz')).json).toMatchObject({ status: 'ok' })
    const opened = await client.ask('POST', '/v1/sessions', { body: { id: 'r', task: 0 } })
    expect(opened.json).toMatchObject({ observation: { text: 'Which colour?', turns_left: 2 } })
    const body = { call_id: 'a', text: '<think>seen</think><answer>red</answer>' }
    const { json } = await client.ask('POST', '/v1/sessions/r/step', { body })
    expect(json).toMatchObject({
      done: true,
      observation: { outcome: 'correct', reward_parts: { R_acc: 1 } },
    })
    service.child.kill('SIGTERM')
    expect(await service.exit).toBe(0)
  })

  test.each([
    [[], 'Expected tasks: --data FILE.parquet'],
    [['--data', '/no/such/rows.parquet'], '/no/such/rows.parquet'],
    [['--data', 'rows.jsonl', '--host', '0.0.0.0'], '--token-file'],
    [['--data', 'rows.jsonl', '--queue', '0'], '--queue: expected a whole number'],
    [['--data', 'rows.jsonl', '--port', '1.5'], '--port: expected a whole number from 0 to 65535, got 1.5'],
    [['--config', '/no/such.yaml'], 'expected a YAML file that can be read'],
  ])('refuses %j with exit code 2', async (args, message) => {
    const service = offer('env', ...args)
    expect(await service.exit).toBe(2)
    expect(service.output()).toContain(message)
  })
})
