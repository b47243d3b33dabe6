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

/** What the driver has told of shards over nodes, each of which lacks the program or has it; Ray's part is played by a scheduler that always takes the first node that it may. */
async function collectedOver(
  nodes: Record<string, 'lacks' | 'has'>,
  { shards, isOld = false }: { shards: number; isOld?: boolean },
): Promise<string[]> {
  const script = `
import json, sys
sys.path.insert(0, ${JSON.stringify(dirname(shardDriverPath(packageDirectory())))})
import codevision_shards as driver
nodes, shards, is_old = json.loads(sys.argv[1])

class Reference:
    def __init__(self, result):
        self.result = result

class Task:
    def options(self, label_selector=None, **others):
        if label_selector and is_old:
            raise ValueError("Invalid option keyword label_selector")
        self.kept_from = label_selector["ray.io/node-id"][len("!in("):-1].split(",") if label_selector else []
        return self
    def remote(self, shard):
        node = next(name for name in nodes if name not in self.kept_from)
        problem = None if nodes[node] == "has" else "the program is not there."
        return Reference({"node": node, "id": node, "code": 1 if problem else 0, "problem": problem})

class ray:
    class exceptions:
        RayError = RuntimeError
    nodes = lambda: [{"NodeID": name, "Alive": True, "Resources": {"CPU": 1.0}} for name in nodes] + [{"NodeID": "small", "Alive": True, "Resources": {}}]
    remote = lambda function: Task()
    wait = lambda pending, num_returns: (pending[:1], pending[1:])
    get = lambda reference: reference.result

ended = driver.collect(driver.Nodes(ray, 1, {}), [("shard",)] * shards)
print(json.dumps([ended[number]["problem"] for number in sorted(ended)]))
`
  const parameters = JSON.stringify([nodes, shards, isOld])
  const { stdout } = await promisify(execFile)('python3', ['-B', '-c', script, parameters])
  return stdout.trimEnd().split('\n')
}

test('a node that cannot begin a shard is told and gets no more, and its shards go to another one', async () => {
  expect(await collectedOver({ bad: 'lacks', good: 'has' }, { shards: 2 })).toEqual([
    'Shard 1 on bad: not done: the program is not there. It goes to another node; 2 of 2 left',
    'Shard 2 on bad: not done: the program is not there. It goes to another node; 2 of 2 left',
    'Shard 1 on good: exit code 0; 1 of 2 left',
    'Shard 2 on good: exit code 0; 0 of 2 left',
    '[null, null]',
  ])
})

test('a shard is not done where no node is left, after three nodes, and where an old Ray cannot choose', async () => {
  const missing = 'the program is not there.'
  const none = await collectedOver({ a: 'lacks', b: 'lacks' }, { shards: 1 })
  expect(none).toEqual([
    `Shard 1 on a: not done: ${missing} It goes to another node; 1 of 1 left`,
    `Shard 1 on b: not done: ${missing}; 0 of 1 left`,
    JSON.stringify([missing]),
  ])
  const many = await collectedOver({ a: 'lacks', b: 'lacks', c: 'lacks', d: 'has' }, { shards: 1 })
  expect(many).toHaveLength(4)
  expect(many[2]).toBe(`Shard 1 on c: not done: ${missing}; 0 of 1 left`)
  expect(await collectedOver({ a: 'lacks', b: 'has' }, { shards: 1, isOld: true })).toEqual([
    `Shard 1 on a: not done: ${missing}; 0 of 1 left`,
    JSON.stringify([missing]),
  ])
})
