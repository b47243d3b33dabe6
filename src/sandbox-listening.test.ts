import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { defineTool } from './core/define-tool.js'
import type { Execution } from './core/execution.js'
import type { HostTools } from './core/host-tool.js'
import type { Sandbox } from './core/sandbox.js'
import { bubblewrapArguments } from './sandbox/bubblewrap.js'
import { SANDBOX_UID, type PythonParts } from './sandbox/runtime.js'
import { pySandboxDirectory, pythoniaPackage } from './setup/package-paths.js'
import { findPythonEnvironment } from './setup/python-environment.js'
import { findReadyRuntime } from './setup/sandbox-runtime.js'
import { createSandbox } from './wiring.js'

/** Sandboxes that run already and are reached over a unix socket, as in compose.yaml. */
const isRoot = process.getuid?.() === 0
const hasBubblewrap = (await findReadyRuntime()) === 'bubblewrap'

const image = await sharp({ create: { width: 40, height: 30, channels: 3, background: 'teal' } })
  .png()
  .toBuffer()

let python: PythonParts
let folder: string
const replicas = new Set<ChildProcess>()
const sandboxes: Sandbox[] = []

beforeAll(async () => {
  const environment = await findPythonEnvironment()
  if (environment === null) throw new Error('npm test prepares the Python environment; run it')
  python = {
    executable: environment.python,
    basePrefix: environment.basePrefix,
    site: environment.site,
    sandboxPackage: pySandboxDirectory(),
    pythonia: pythoniaPackage().python,
  }
  folder = await mkdtemp(join(tmpdir(), 'codevision-listening-'))
  await chmod(folder, 0o755)
})

afterEach(async () => {
  for (const sandbox of sandboxes.splice(0)) await sandbox.close()
  await Promise.all([...replicas].map(stop))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** A folder as a volume that belongs to the sandbox's user. */
async function volume(name: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(path, { recursive: true })
  if (isRoot) await chown(path, SANDBOX_UID, SANDBOX_UID)
  return path
}

type Containment = 'bubblewrap' | 'none'

/** Start a sandbox that listens in that folder; resolves once it does. */
async function listen(path: string, containment: Containment): Promise<ChildProcess> {
  const inside = containment === 'none' ? path : '/exchange'
  const [site, pythonia, code, interpreter] =
    containment === 'none'
      ? [python.site, python.pythonia, python.sandboxPackage, python.executable]
      : ['/opt/site', '/opt/pythonia', '/opt/codevision', interpreterInside()]
  const command = [
    ...(containment === 'none' ? [] : ['bwrap', ...bubblewrapArguments({ python, exchange: path, isRoot })]),
    ...[interpreter, '-I', '-S', '-B', `${code}/py_sandbox/bootstrap.py`],
    ...['--site', site, '--pythonia', pythonia, '--spare', '1'],
    ...['--listen', `${inside}/sandbox.sock`, '--exchange', `${inside}/exchange`],
    ...(isRoot && containment === 'bubblewrap' ? ['--uid', String(SANDBOX_UID)] : []),
  ]
  const [file = '', ...args] = command
  const replica = spawn(file, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: '/usr/bin:/bin' },
  })
  replicas.add(replica)
  const failed = once(replica, 'exit').then(([status]) => {
    replicas.delete(replica)
    throw new Error(`the sandbox ended with ${String(status)}`)
  })
  failed.catch(() => undefined)
  const before = await birth(join(path, 'sandbox.sock'))
  while ((await birth(join(path, 'sandbox.sock'))) === before) await Promise.race([failed, sleep(20)])
  return replica
}

function interpreterInside(): string {
  return python.basePrefix.startsWith('/usr') ? python.executable : '/opt/python/bin/python3.11'
}

/** Tells a file from one that stood there before; numbers of inodes are used again. */
async function birth(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.birthtimeMs
}

async function stop(replica: ChildProcess): Promise<void> {
  if (replica.exitCode !== null || replica.signalCode !== null) return
  const exit = once(replica, 'exit')
  replica.kill('SIGKILL')
  await exit
}

async function use(socket: string, options: { hosts?: number; tools?: HostTools } = {}): Promise<Sandbox> {
  const sandbox = await createSandbox({ runtime: { socket }, concurrency: 1, standby: false, ...options })
  sandboxes.push(sandbox)
  return sandbox
}

const turned = { status: 'ok', image: { width: 30, height: 40 } }

async function turn(sandbox: Sandbox): Promise<Execution> {
  const session = await sandbox.open([image])
  try {
    return await session.execute({ code: 'result = image.rotate(90, expand=True)' })
  } finally {
    await session.close()
  }
}

describe.each(['none', ...(hasBubblewrap ? (['bubblewrap'] as const) : [])] as Containment[])(
  'a sandbox that listens, contained by %s,',
  (containment) => {
    test('gives the right pixels, and keeps no file of a session that is closed', async () => {
      const path = await volume(`one-${containment}`)
      await listen(path, containment)
      const sandbox = await use(join(path, 'sandbox.sock'))
      const session = await sandbox.open([image])
      const execution = await session.execute({ code: 'result = image.rotate(90, expand=True)' })
      expect(execution).toMatchObject(turned)
      expect(await session.images[1]?.pixels()).toEqual(
        Buffer.from(Array.from({ length: 30 * 40 }, () => [0, 128, 128]).flat()),
      )
      await session.close()
      const [own = ''] = await readdir(join(path, 'exchange'))
      expect(await readdir(join(path, 'exchange', own))).toEqual([])
      await sandbox.close()
      expect(await readdir(join(path, 'exchange'))).toEqual([])
    })

    test('carries what code asks of tools, pixels both ways', async () => {
      const path = await volume(`tools-${containment}`)
      await listen(path, containment)
      const grey = defineTool({
        parameters: { image: 'image' },
        result: 'image',
        call: async ({ image: given }) => {
          const { width, height, pixels } = given
          return { width, height, mode: 'L', pixels: pixels.filter((_, index) => index % 3 === 1) }
        },
      })
      const sandbox = await use(join(path, 'sandbox.sock'), { tools: { grey } })
      const session = await sandbox.open([image])
      const execution = await session.execute({ code: 'result = tools.grey(image.crop((0, 0, 2, 3)))' })
      expect(execution).toMatchObject({ status: 'ok', image: { width: 2, height: 3, mode: 'L' } })
      expect(await session.images[1]?.pixels()).toEqual(Buffer.alloc(6, 128))
      await session.close()
      const [own = ''] = await readdir(join(path, 'exchange'))
      expect(await readdir(join(path, 'exchange', own))).toEqual([])
    })

    test('serves several controllers, each in a folder of its own', async () => {
      const path = await volume(`shared-${containment}`)
      await listen(path, containment)
      const both = await Promise.all([1, 2].map(() => use(join(path, 'sandbox.sock'))))
      expect(await Promise.all(both.map(turn))).toMatchObject([turned, turned])
      expect(await readdir(join(path, 'exchange'))).toHaveLength(2)
    })

    test('may be killed in the middle of a call: another in its place gives the result', async () => {
      const path = await volume(`killed-${containment}`)
      const first = await listen(path, containment)
      const sandbox = await use(join(path, 'sandbox.sock'))
      const session = await sandbox.open([image])
      await session.execute({ code: 'result = image.crop((0, 0, 20, 10))' })
      const call = session.execute({
        code: 'import time\ntime.sleep(0.4)\nresult = images[1].rotate(90, expand=True)',
      })
      await sleep(150)
      await stop(first)
      await listen(path, containment)
      expect(await call).toMatchObject({ status: 'ok', imageIndex: 2, image: { width: 10, height: 20 } })
    })
  },
)

test('of a folder of sandboxes, all are used, and none sees the files of another', async () => {
  const path = join(folder, 'replicas')
  const volumes = [await volume('replicas/1'), await volume('replicas/2')]
  await Promise.all(volumes.map((one) => listen(one, 'none')))
  const sandbox = await use(path)
  expect(sandbox.stats?.()).toMatchObject({ hosts: 2, capacity: 2 })
  // Sessions over the same picture would share a file.
  const pictures = await Promise.all(
    ['red', 'green', 'blue', 'teal'].map((background) =>
      sharp({ create: { width: 40, height: 30, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  )
  const sessions = await Promise.all(pictures.map((picture) => sandbox.open([picture])))
  for (const one of volumes) {
    const [own = ''] = await readdir(join(one, 'exchange'))
    expect(await readdir(join(one, 'exchange', own))).toHaveLength(2)
  }
  for (const session of sessions)
    expect(await session.execute({ code: 'result = image.rotate(180)' })).toMatchObject({ status: 'ok' })
})

test('a folder without a sandbox is refused with what to start', async () => {
  const path = await volume('empty')
  await expect(use(path)).rejects.toThrow('bootstrap.py --listen')
})

const asRoot = isRoot && hasBubblewrap ? test : test.skip

asRoot(
  'a controller that is another user of the group can use a sandbox, and its neighbours cannot',
  async () => {
    const path = await volume('group')
    await listen(path, 'bubblewrap')
    const script = `
    process.umask(0o077)
    const { createSandbox } = await import(${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)})
    const sandbox = await createSandbox({ runtime: { socket: ${JSON.stringify(join(path, 'sandbox.sock'))} }, standby: false })
    const session = await sandbox.open([Buffer.from(${JSON.stringify(image.toString('base64'))}, 'base64')])
    const result = await session.execute({ code: 'result = image.rotate(90, expand=True)' })
    console.log(result.status, (await result.image.pixels()).length)
    await sandbox.close()`
    const run = async (gid: number): Promise<string> => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        ...{ uid: SANDBOX_UID + 1, gid, cwd: '/', env: { PATH: '/usr/bin:/bin', HOME: '/tmp' } },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let text = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += String(data)))
      await once(child, 'close')
      return text
    }
    expect(await run(SANDBOX_UID)).toBe('ok 3600\n')
    expect(await readdir(join(path, 'exchange'))).toEqual([])
    expect(await run(SANDBOX_UID + 2)).toContain('group of that directory')
    expect(existsSync(join(path, 'sandbox.sock'))).toBe(true)
  },
)
