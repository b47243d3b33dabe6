import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { runCommand, type Finished } from './testing/run-command.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-manifest-'))
})

afterEach(() => rm(folder, { recursive: true }))

const EVALUATION = ['--', 'codevision', 'eval', 'rows.parquet', '--limit', '1.50', '--output', '/shared']
const NAMED = [...EVALUATION, '--name', 'mine']
const KUBERNETES = ['kubernetes', '--shards', '3', '--image', 'i', '--volume', 'runs=/shared']

const manifest = (...args: string[]): Promise<Finished> =>
  runCommand({ args: ['cluster', 'manifest', ...args], cwd: folder })

test('both systems get their files in a folder of the run, with a script that may be run', async () => {
  const slurm = await manifest('slurm', '--shards', '3', ...NAMED)
  const kubernetes = await manifest(...KUBERNETES, '--out', 'a/b', ...NAMED)
  expect([slurm.code, kubernetes.code, slurm.stderr, kubernetes.stderr]).toEqual([0, 0, '', ''])
  for (const name of ['mine-slurm', 'a/b'])
    expect((await stat(join(folder, name, 'submit.sh'))).mode & 0o111).toBe(0o111)
  expect(slurm.stdout).toContain('/shared/mine')
  const text = await readFile(join(folder, 'mine-slurm', 'shards.sbatch'), 'utf8')
  expect(text).toContain(' --output /shared rows.parquet --limit 1.50 &\n')
})

test.each([
  ['shards', ['slurm', ...NAMED]],
  ['--shards: expected', ['slurm', '--shards', 'many', ...NAMED]],
  ['--name or --output is missing', ['slurm', '--shards', '2', ...EVALUATION]],
  ['behind --', ['slurm', '--shards', '2']],
  ['--time: expected', ['slurm', '--shards', '2', '--time', 'x', ...NAMED]],
  ['--containment: expected', [...KUBERNETES, '--containment', 'none', ...NAMED]],
  ['--volume: expected', [...KUBERNETES, '--volume', 'x', ...NAMED]],
  ['Put it into a Secret', [...KUBERNETES, '--env', 'JUDGE_API_KEY=x', ...NAMED]],
  ['--runtime: expected none', [...KUBERNETES, ...NAMED, '--runtime', 'none']],
  ['--user: expected none', [...KUBERNETES, '--containment', 'sys-admin', '--user', '1', ...NAMED]],
  ['without another --', [...KUBERNETES, ...NAMED, '--', '--x']],
  ['--shards: expected', ['slurm', '--shards', '1e10', ...NAMED]],
  ['Name a system', ['nomad']],
])('%s: exit code 2, and no folder is made', async (said, args) => {
  const { code, stderr } = await manifest(...args)
  expect([code, stderr]).toEqual([2, expect.stringContaining(said)])
  await expect(stat(join(folder, 'mine-slurm'))).rejects.toThrow('ENOENT')
  await expect(stat(join(folder, 'mine-kubernetes'))).rejects.toThrow('ENOENT')
})
