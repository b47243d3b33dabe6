import { readdir, readFile, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import type { Wire } from './bridge/wire.js'
import { findHosts, type ContainedHost } from './chaos/victims.js'
import { containerEnvironment } from './config/container-environment.js'
import { testRuntime } from './config/test-runtime.js'
import { SandboxPool, type PoolParameters } from './sandbox/pool.js'
import type { Runtime } from './sandbox/runtime.js'
import { DEFAULT_LIMITS, resolveRuntime, type RuntimeChoice } from './wiring.js'

/** What must hold in every runtime when processes die; CODEVISION_TEST_RUNTIME names the one under test. */
const choice = (testRuntime() ?? 'auto') as RuntimeChoice

const image = await sharp({ create: { width: 40, height: 30, channels: 3, background: 'teal' } })
  .png()
  .toBuffer()

/** Pictures of one size, no two alike. */
const picture = (number: number): Promise<Buffer> =>
  sharp({
    create: {
      ...{ width: 40, height: 30, channels: 3 },
      background: { r: number % 256, g: number >> 8, b: 0 },
    },
  })
    .png()
    .toBuffer()

const pools: SandboxPool[] = []

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close()
})

/** A pool whose hosts a test can kill from outside. */
async function openPool(parameters: Partial<PoolParameters> = {}): Promise<{
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
    hosts: 1,
    concurrency: 2,
    ...parameters,
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
    expect(wires.length).toBeGreaterThanOrEqual(2)
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

/** The processes of the host at work. */
async function hostAtWork(): Promise<ContainedHost> {
  const runtime = await resolveRuntime(choice)
  const [host] = await findHosts({
    runtime: runtime.name,
    controller: process.pid,
    environment: containerEnvironment(),
  })
  if (!host) throw new Error('no host runs')
  return host
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('a part of the sandbox that dies', () => {
  test.each(['zygote', 'host'] as const)(
    'when it is the %s, the spare host takes over and the call gives its result',
    async (part) => {
      const { pool } = await openPool()
      const session = await pool.open([image])
      await until(() => pool.stats().hosts === 2)
      const call = session.execute({ code: 'import time\ntime.sleep(1)\nresult = image.rotate(180)' })
      await until(() => pool.stats().running === 1)
      const victim = (await hostAtWork())[part]
      if (victim === undefined) throw new Error(`no ${part} runs`)
      process.kill(victim, 'SIGKILL')
      expect(await call).toMatchObject({ status: 'ok', imageIndex: 1 })
      await until(() => pool.stats().hosts === 2)
    },
  )

  test('when it is the worker, its call is run again and not called a crash of the code', async () => {
    const { pool } = await openPool({ concurrency: 1 })
    const session = await pool.open([image])
    const call = session.execute({ code: 'import time\ntime.sleep(2)\nresult = image.rotate(180)' })
    await until(() => pool.stats().running === 1)
    await new Promise((resolve) => setTimeout(resolve, 100))
    for (const worker of (await hostAtWork()).workers) process.kill(worker, 'SIGKILL')
    expect(await call).toMatchObject({ status: 'ok', imageIndex: 1 })
    expect(pool.stats().retries).toBeGreaterThanOrEqual(1)
  })

  test('when it is always the worker, the verdict is that memory is wanting', async () => {
    const { pool } = await openPool({ concurrency: 1 })
    const session = await pool.open([image])
    let over = false
    const call = session.execute({ code: 'while True: pass' }).finally(() => (over = true))
    while (!over) {
      for (const worker of (await hostAtWork()).workers) {
        try {
          process.kill(worker, 'SIGKILL')
        } catch {
          // It was faster.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(await call).toMatchObject({ status: 'error', kind: 'memory' })
  })

  test.each(['opening', 'viewing', 'closing'] as const)(
    'while a session is %s is not noticed',
    async (what) => {
      const { pool, wires, exchanges } = await openPool()
      const session = await pool.open([image])
      const kill = (): void => wires.at(-1)?.kill()
      if (what === 'opening') {
        const opening = pool.open([image, image])
        setTimeout(kill, 3)
        const opened = await opening
        expect(opened.images.map(({ width }) => width)).toEqual([40, 40])
        await opened.close()
      } else if (what === 'viewing') {
        const viewing = session.view(0, { minPixels: 28 * 28 * 16, maxPixels: 28 * 28 * 64 })
        setTimeout(kill, 3)
        const view = await viewing
        expect(await view.pixels()).toHaveLength(view.width * view.height * 3)
      } else {
        const call = session.execute({ code: 'result = image' })
        setTimeout(kill, 3)
        await Promise.all([call, session.close()])
      }
      await session.close()
      await until(async () => (await Promise.all(exchanges.map((path) => readdir(path)))).flat().length === 0)
    },
  )

  test('leaves no file that nobody owns', async () => {
    const { pool, wires, exchanges } = await openPool()
    const session = await pool.open([image])
    const [exchange = ''] = exchanges
    await writeFile(join(exchange, 'pixels-of-a-dead-host'), 'x')
    wires[0]?.kill()
    await until(async () => (await readdir(exchange)).length === 1)
    expect(await session.execute({ code: 'result = image.rotate(180)' })).toMatchObject({ status: 'ok' })
  })
})

describe('a caller that asks for too much', () => {
  test('is refused when too many calls wait, and the others get their results', async () => {
    const { pool } = await openPool({ maxQueue: 4, concurrency: 1 })
    const session = await pool.open([image])
    const calls = Array.from({ length: 12 }, () => session.execute({ code: 'result = image.rotate(180)' }))
    const ended = await Promise.allSettled(calls)
    const refused = ended.flatMap((call) => (call.status === 'rejected' ? [call.reason as Error] : []))
    expect(refused.length).toBeGreaterThanOrEqual(6)
    expect(refused[0]).toMatchObject({ name: 'SandboxError', isRetryable: true })
    expect(ended.length - refused.length).toBeGreaterThanOrEqual(4)
    expect(await session.execute({ code: 'pass' })).toMatchObject({ status: 'ok' })
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0, sessions: 1 })
  })

  test('is refused when its images would take too much memory, until it closes a session', async () => {
    const { pool } = await openPool({ maxBytes: 3 * 40 * 30 * 3 })
    const session = await pool.open([image])
    const code = 'result = image.rotate(180)'
    await session.execute({ code })
    await session.execute({ code })
    await expect(session.execute({ code })).rejects.toMatchObject({
      isRetryable: true,
      message: expect.stringContaining('Close sessions'),
    })
    await session.close()
    const next = await pool.open([image])
    expect(await next.execute({ code })).toMatchObject({ status: 'ok' })
  })

  test('and closes the session while calls wait is told so for each of them', async () => {
    const { pool } = await openPool()
    const session = await pool.open([image])
    const running = session.execute({ code: 'import time\ntime.sleep(0.2)' })
    await until(() => pool.stats().running === 1)
    const waiting = session.execute({ code: 'pass' })
    await Promise.all([session.close(), expect(waiting).rejects.toThrow('closed before the turn')])
    expect(await running).toMatchObject({ status: 'ok' })
  })
})

test('300 sessions that are opened and dropped give their memory back', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const { pool, exchanges } = await openPool()
  // Two sessions over each picture, which share its pixels.
  for (let index = 0; index < 300; index += 1) await pool.open([await picture(index >> 1)])
  const held = (await pool.open([image])).images
  // What was dropped is found when the collector runs; it is asked to until it has found all.
  await until(() => {
    collect()
    return pool.stats().sessions === 1
  })
  expect(await held[0]?.pixels()).toHaveLength(40 * 30 * 3)
  const [exchange = ''] = exchanges
  await until(async () => (await readdir(exchange)).length === 1)
  expect(pool.stats().bytes).toBe(40 * 30 * 3)
})

test('sessions are spread over the hosts, and each keeps its images', async () => {
  const { pool, exchanges } = await openPool({ hosts: 2 })
  const sessions = await Promise.all([1, 2, 3, 4].map(async (number) => pool.open([await picture(number)])))
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
