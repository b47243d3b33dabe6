import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { packageDirectory } from '../../setup/package-paths.js'
import { shardDriverPath, shardedEvaluation, type ShardPlan } from './sharded-evaluation.js'

let output: string

beforeEach(async () => {
  output = await mkdtemp(join(tmpdir(), 'codevision-shards-'))
})

afterEach(() => rm(output, { recursive: true }))

function planOf(program: string): ShardPlan {
  const words = [program, 'eval', 'rows.parquet', '--name', 'mine', '--judge', 'none', '--output', output]
  return shardedEvaluation({ words, shards: 2, cpus: 1, resources: { sandbox: 1 } })
}

/** Shards of a plan, done as on a node of a cluster; Ray itself has no part in it. Lines that were told, and how each ended. */
async function doneBy(plan: ShardPlan): Promise<{ lines: string[]; results: unknown }> {
  const driver = dirname(shardDriverPath(packageDirectory()))
  const script = `
import json, sys
sys.path.insert(0, ${JSON.stringify(driver)})
import codevision_shards as driver
plan = json.loads(sys.argv[1])
marker = plan["output"] + "/.marker"
open(marker, "w").write("token")
results = [driver.evaluate_shard(shard, [0] * len(plan["pauses"]), marker, "token") for shard in plan["shards"]]
print(json.dumps([[result["code"], result["problem"]] for result in results]))
`
  const { stdout } = await promisify(execFile)('python3', ['-B', '-c', script, JSON.stringify(plan)])
  const lines = stdout.trimEnd().split('\n')
  return { results: JSON.parse(lines.pop() ?? ''), lines }
}

/** A program in the place of codevision: what it does, as lines of shell. */
async function program(text: string): Promise<string> {
  const path = join(output, 'program')
  await writeFile(path, `#!/bin/sh\n${text}\n`)
  await chmod(path, 0o755)
  return path
}

test('the plan has every command line and every name, so that its driver makes none', () => {
  const { shards, ...whole } = planOf('codevision')
  const run = `${output}/mine-shard-2-of-2`
  const own = ['--shard', '2/2', '--name', 'mine-shard-2-of-2', '--output', output]
  const rest = ['rows.parquet', '--judge', 'none']
  expect(shards).toHaveLength(2)
  expect(shards[1]).toEqual({
    part: '2/2',
    begin: ['codevision', 'eval', ...own, ...rest],
    resume: ['codevision', 'eval', '--resume', ...own, ...rest],
    manifest: `${run}/manifest.json`,
  })
  expect(whole).toEqual({
    pauses: [0, 20, 20, 20],
    cpus: 1,
    resources: { sandbox: 1 },
    output,
    merge: ['codevision', 'merge', `${output}/mine-shard-1-of-2`, run, '--output', `${output}/mine`],
    merged: `${output}/mine`,
  })
})

test('the driver begins a shard, and resumes one whose run has begun', async () => {
  await mkdir(join(output, 'mine-shard-2-of-2'))
  await writeFile(join(output, 'mine-shard-2-of-2/manifest.json'), '{}')
  const plan = planOf(await program('echo "$*"'))
  const { lines, results } = await doneBy(plan)
  expect(results).toEqual([
    [0, null],
    [0, null],
  ])
  const [first, second] = plan.shards
  expect(lines).toEqual([
    `[1/2] ${first?.begin.slice(1).join(' ')}`,
    `[2/2] ${second?.resume.slice(1).join(' ')}`,
  ])
})

test('a shard that fails is tried again as often as there are pauses, and one that is refused is not', async () => {
  const failing = await doneBy(planOf(await program('echo tried; exit 1')))
  expect([failing.lines.length, failing.results]).toEqual([
    8,
    [
      [1, null],
      [1, null],
    ],
  ])
  const refused = await doneBy(planOf(await program('echo tried; exit 2')))
  expect([refused.lines.length, refused.results]).toEqual([
    2,
    [
      [2, null],
      [2, null],
    ],
  ])
})

test('a program that a node does not have, or may not run, is told as the failure of its shard', async () => {
  const missing = join(output, 'not-there')
  const { results } = await doneBy(planOf(missing))
  const problem = expect.stringContaining(`${missing} cannot be started on`)
  expect(results).toEqual([
    [1, problem],
    [1, problem],
  ])
  await writeFile(missing, 'no program')
  expect((await doneBy(planOf(missing))).results).toEqual([
    [1, expect.stringContaining('Permission denied')],
    [1, expect.stringContaining('on every node')],
  ])
})
