import { readdir, readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import type { Wire } from './bridge/wire.js'
import { testRuntime } from './config/test-runtime.js'
import { SandboxPool } from './sandbox/pool.js'
import type { Runtime } from './sandbox/runtime.js'
import { DEFAULT_LIMITS, resolveRuntime, type RuntimeChoice } from './wiring.js'

/** What must hold in every runtime when processes die; CODEVISION_TEST_RUNTIME names the one under test. */
const choice = (testRuntime() ?? 'auto') as RuntimeChoice

const image = await sharp({ create: { width: 40, height: 30, channels: 3, background: 'teal' } })
  .png()
  .toBuffer()

const pools: SandboxPool[] = []

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close()
})

/** A pool whose hosts a test can kill from outside. */
async function openPool({ hosts = 1 } = {}): Promise<{
  pool: SandboxPool
  wires: Wire[]
  exchanges: string[]
}> {
  const runtime = await resolveRuntime(choice)
  const wires: Wire[] = []
  const exchanges: string[] = []
  const observed: Runtime = {
    ...runtime,
    async start(parameters) {
      const wire = await runtime.start(parameters)
      wires.push(wire)
      exchanges.push(parameters.exchange)
      return wire
    },
  }
  const pool = await SandboxPool.open({
    runtime: observed,
    profile: 'standard',
    limits: DEFAULT_LIMITS,
    hosts,
    concurrency: 2,
  })
  pools.push(pool)
  return { pool, wires, exchanges }
}

describe('a host that is killed', () => {
  test('in the middle of a call is replaced, and the call gives its result', async () => {
    const { pool, wires } = await openPool()
    const session = await pool.open([image])
    await session.execute({ code: 'result = image.crop((0, 0, 20, 10))' })
    const call = session.execute({
      code: 'import time\ntime.sleep(0.5)\nresult = images[1].rotate(90, expand=True)',
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    wires[0]?.kill()
    const execution = await call
    expect(execution).toMatchObject({ status: 'ok', imageIndex: 2, image: { width: 10, height: 20 } })
    expect(wires).toHaveLength(2)
    expect(await session.images[1]?.pixels()).toHaveLength(20 * 10 * 3)
  })

  test('between two calls is not noticed by the caller', async () => {
    const { pool, wires } = await openPool()
    const session = await pool.open([image])
    wires[0]?.kill()
    await wires[0]?.ended
    expect(await session.execute({ code: 'result = image.rotate(180)' })).toMatchObject({
      status: 'ok',
      imageIndex: 1,
    })
  })

  test('again and again ends in an error that says so', async () => {
    const { pool, wires } = await openPool()
    const session = await pool.open([image])
    const call = session.execute({ code: 'while True: pass' })
    const killer = setInterval(() => wires.at(-1)?.kill(), 20)
    try {
      await expect(call).rejects.toMatchObject({ name: 'SandboxError', isRetryable: true })
    } finally {
      clearInterval(killer)
    }
    expect(await session.execute({ code: 'result = image.rotate(180)' })).toMatchObject({ status: 'ok' })
  })
})

test('sessions are spread over the hosts, and each keeps its images', async () => {
  const { pool, exchanges } = await openPool({ hosts: 2 })
  const sessions = await Promise.all([1, 2, 3, 4].map(() => pool.open([image])))
  const filled = await Promise.all(exchanges.map((exchange) => readdir(exchange)))
  expect(filled.map((files) => files.length)).toEqual([2, 2])
  await Promise.all(sessions.map((session) => session.close()))
  expect((await Promise.all(exchanges.map((exchange) => readdir(exchange)))).flat()).toEqual([])
})

test('closing leaves no process and no file', async () => {
  const { pool, wires, exchanges } = await openPool({ hosts: 2 })
  const session = await pool.open([image])
  const running = session.execute({ code: 'while True: pass' }, { timeoutMs: 300 })
  await pool.close()
  await expect(running).resolves.toMatchObject({ kind: 'timeout' })
  await Promise.all(wires.map((wire) => wire.ended))
  expect(exchanges.filter((exchange) => existsSync(exchange))).toEqual([])
})

test('a controller that is killed leaves no process behind', async () => {
  const before = await sandboxProcesses()
  const script = `
    const { createSandbox } = await import(${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)})
    const sandbox = await createSandbox({ runtime: ${JSON.stringify(choice)} })
    const session = await sandbox.open([${JSON.stringify('data')}].map(() => Buffer.from(${JSON.stringify(image.toString('base64'))}, 'base64')))
    session.execute({ code: 'while True: pass' }, { timeoutMs: 600_000 })
    setTimeout(() => console.log('running'), 200)`
  const controller = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(controller.stdout, 'data')
  const started = (await sandboxProcesses()).filter((pid) => !before.includes(pid))
  expect(started.length).toBeGreaterThanOrEqual(3)
  controller.kill('SIGKILL')
  for (
    let left = started;
    left.length > 0;
    left = (await sandboxProcesses()).filter((pid) => started.includes(pid))
  ) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
})

/** Process ids of hosts, zygotes and workers, contained or not, as this machine sees them. */
async function sandboxProcesses(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  )
  return pids.filter((_, index) => commands[index]?.includes('/py_sandbox/')).map(Number)
}
