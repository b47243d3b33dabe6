import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { startDashboard, type TestDashboard } from '../cluster/ray/testing/dashboard.js'
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

test('a command that is missing, or not behind --, is refused before anything is asked', async () => {
  expect(await submit()).toMatchObject({ code: 2, stderr: expect.stringContaining('behind --') })
  expect((await submit('echo')).code).toBe(2)
  expect((await submit('--env', 'A', '--', 'true')).stderr).toContain('NAME=value')
  expect((await submit('--shards', '2', '--', 'true')).stderr).toContain('--shards: expected codevision eval')
  expect(dashboard.requests).toEqual([])
})

test('an evaluation in shards is a driver in Python with its plan, which travels in the package', async () => {
  const evaluation = ['codevision', 'eval', 'rows.parquet', '--name', 'whole', '--output', '/shared']
  const { code } = await submit('--shards', '3', '--shard-resource', 'sandbox=1', '--', ...evaluation)
  expect(code).toBe(0)
  const [, plan = ''] =
    /^python codevision_shards\.py '(.*)'$/.exec(dashboard.jobs.get('mine')?.entrypoint ?? '') ?? []
  expect(JSON.parse(plan)).toEqual({
    ...{ program: ['codevision'], arguments: ['rows.parquet'], name: 'whole', output: '/shared' },
    ...{ shards: 3, cpus: 1, resources: { sandbox: 1 } },
  })
  const [zip] = dashboard.packages.values()
  expect(zip?.includes('codevision_shards.py')).toBe(true)
})
