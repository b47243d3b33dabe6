import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { strFromU8, unzipSync } from 'fflate'
import { startDashboard, type TestDashboard } from '../cluster/ray/testing/dashboard.js'
import { UsageError } from '../core/errors.js'
import { createParser } from './parser.js'
import { runCommand, type Finished } from './testing/run-command.js'

let dashboard: TestDashboard

beforeEach(async () => {
  dashboard = await startDashboard()
})

afterEach(() => dashboard.close())

const submit = (...args: string[]): Promise<Finished> =>
  runCommand({
    args: ['cluster', 'submit', '--address', dashboard.address, '--id', 'mine', ...args],
    cwd: '/',
    environment: { RAY_AUTH_TOKEN: 'token' },
  })

test('words behind -- reach the shell as they were typed, numbers and options of their own included', async () => {
  const { code, stdout } = await submit(
    '--cpus',
    '2',
    '--',
    'echo',
    'two words',
    '1.50',
    '--id',
    "it's",
    '$HOME',
  )
  expect([code, stdout.split('\n')[0]]).toEqual([0, `Submitted mine to ${dashboard.address}`])
  expect(dashboard.jobs.get('mine')).toMatchObject({
    entrypoint: String.raw`echo 'two words' 1.50 --id 'it'\''s' '$HOME'`,
    entrypoint_num_cpus: 2,
  })
})

test('a single word is a line of shell', async () => {
  expect((await submit('--', 'echo $HOME && true')).code).toBe(0)
  expect(dashboard.jobs.get('mine')?.entrypoint).toBe('echo $HOME && true')
})

test.each([
  ['FAILED', 1],
  ['STOPPED', 1],
  ['SUCCEEDED', 0],
  ['RUNNING', 0],
] as const)(
  'what was submitted before and is %s is not run again, exit code %i',
  async (status, expected) => {
    await submit('--', 'true')
    const [[id, job] = []] = dashboard.jobs
    if (id === undefined || job === undefined) throw new Error('expected a job')
    dashboard.jobs.set(id, { ...job, status })
    const { code, stdout, stderr } = await submit('--', 'true')
    expect([code, stdout.split('\n')[0]]).toEqual([
      expected,
      `mine had been submitted before, and is ${status}`,
    ])
    expect(stderr).toContain('To run it once more: --id NAME')
  },
)

test('a command that is missing, or not behind --, is refused before anything is asked', async () => {
  expect(await submit()).toMatchObject({ code: 2, stderr: expect.stringContaining('behind --') })
  expect((await submit('echo')).code).toBe(2)
  expect((await submit('--env', 'A', '--', 'true')).stderr).toContain('NAME=value')
  expect((await submit('--shards', '2', '--', 'true')).stderr).toContain('--shards: expected codevision eval')
  expect(dashboard.requests).toEqual([])
})

const evaluation = ['codevision', 'eval', 'rows.parquet', '--name', 'whole', '--output', '/shared']

test('an evaluation in shards is a driver in Python and its plan, which travel in the package', async () => {
  const { code } = await submit('--shards', '3', '--shard-resource', 'sandbox=1', '--', ...evaluation)
  expect(code).toBe(0)
  expect(dashboard.jobs.get('mine')?.entrypoint).toBe(
    'python codevision_shards.py codevision_shards-whole.json',
  )
  const [zip = new Uint8Array()] = dashboard.packages.values()
  const files = unzipSync(zip)
  expect(Object.keys(files)).toEqual(['codevision_shards-whole.json', 'codevision_shards.py'])
  const plan: unknown = JSON.parse(strFromU8(files['codevision_shards-whole.json'] ?? new Uint8Array()))
  expect(plan).toMatchObject({ cpus: 1, resources: { sandbox: 1 }, merged: '/shared/whole' })
})

test.each([
  [['--shards', '2', '--shard-cpus=-1'], '--shard-cpus: expected 0 or more, got -1'],
  [
    ['--shards', '2', '--shard-resource', 'sandbox=-2'],
    '--shard-resource sandbox: expected 0 or more, got -2',
  ],
  [
    ['--shards', '2', '--shard-resource', 'CPU=1'],
    "--shard-resource CPU: expected a resource of the cluster's",
  ],
  [['--resource', 'x=-3'], '--resource x: expected 0 or more, got -3'],
  [['--resource', 'GPU=1'], "--resource GPU: expected a resource of the cluster's own"],
  [['--resource', 'memory=1'], "--resource memory: expected a resource of the cluster's own"],
  [['--shard-cpus', '0'], '--shard-cpus: expected --shards N beside it'],
  [['--shard-resource', 'sandbox=1'], '--shard-resource: expected --shards N beside it'],
])('%j is refused before anything is asked', async (args, message) => {
  const words = ['cluster', 'submit', '--address', dashboard.address, ...args, '--', ...evaluation]
  const refused = createParser({ words }).parseAsync()
  await expect(refused).rejects.toThrow(UsageError)
  await expect(refused).rejects.toThrow(message)
  expect(dashboard.requests).toEqual([])
})
