import { expect, test } from '@jest/globals'
import { findHosts } from '../chaos/victims.js'
import { processTable } from '../chaos/process-table.js'
import { encode, knownImage } from '../chaos/known-image.js'
import { containerEnvironment } from '../config/container-environment.js'
import { testRuntime } from '../config/test-runtime.js'
import { createSandbox, type CreateSandboxOptions, type RuntimeChoice } from '../wiring.js'
import { REACH } from './list/hostile-python.js'
import { openAttackedPool } from './open-attacked-pool.js'
import { isRight } from './report.js'
import { runAttacks } from './run-attacks.js'

const runtime = (testRuntime() ?? 'auto') as RuntimeChoice
const image = await encode(knownImage({ client: 1, session: 1, width: 48, height: 32 }))
const FORK = `${REACH}if os.fork() == 0: os._exit(0)`

test('a fork bomb is stopped by the filter, and without it by the limit of processes', async () => {
  const report = await runAttacks({ runtime, only: 'fork bomb' })
  expect(report.rows).toMatchObject([
    {
      attack: 'fork bomb',
      stopped: { layer: 'seccomp', evidence: 'EPERM' },
      withoutIt: 'RLIMIT_NPROC (EAGAIN)',
      verdict: 'runtime PermissionError',
      wrong: [],
    },
  ])
  expect(isRight(report)).toBe(true)
})

test('an attack that nothing stops is told as such', async () => {
  const { pool } = await openAttackedPool({ runtime, without: ['seccomp', 'rlimits'], standby: false })
  try {
    const session = await pool.open([image])
    expect(await session.execute({ code: FORK })).toMatchObject({ status: 'ok' })
  } finally {
    await pool.close()
  }
})

test('a caller of createSandbox cannot leave a layer out', async () => {
  const everywhere = { without: ['seccomp', 'rlimits'] }
  const options = { runtime, ...everywhere, limits: everywhere } as CreateSandboxOptions
  const sandbox = await createSandbox(options)
  try {
    const session = await sandbox.open([image])
    expect(await session.execute({ code: FORK })).toMatchObject({ kind: 'runtime', type: 'PermissionError' })
    const { runtime: name } = await sandbox.versions()
    const hosts = await findHosts({
      runtime: name,
      controller: process.pid,
      environment: containerEnvironment(),
    })
    const commands = processTable()
      .filter(({ pid }) => hosts.some(({ host }) => host === pid))
      .map(({ command }) => command)
    expect(commands).toHaveLength(hosts.length)
    expect(commands.join('\n')).toContain('bootstrap.py')
    expect(commands.join('\n')).not.toContain('--without')
  } finally {
    await sandbox.close()
  }
})
