import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { TRANSFORMS } from '../core/transform.js'
import { runCommand, type Finished } from './testing/run-command.js'

/** The command as a user runs it: a recipe of a few steps with a small model, the engine on WebAssembly and the real sandbox. */
const prompts = fileURLToPath(new URL('../../configs/mini/', import.meta.url))

/** Enough for a signal to come before the last one, on a machine with much else to do. */
const BASE_STEPS = 60
/** What metrics.jsonl has lines of: the steps, and the measurement after the last. */
const LINES = [...Array.from({ length: BASE_STEPS }, (_, at) => at + 1), BASE_STEPS]

let folder: string

const SHAPE = `{ layers: 1, hidden: 64, heads: 2, keyValueHeads: 1, intermediate: 64, visionDepth: 1, visionHidden: 32, visionHeads: 2, visionIntermediate: 32, deepStack: [0] }`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-train-mini-'))
  const stage = (steps: number, task: string): string =>
    `shape: ${SHAPE}\nphases: [{ mixture: { ${task}: 1 } }]\nsteps: ${steps}\nbatch: 2\nmeasured: 2\nmeasureEvery: ${BASE_STEPS}\nbackend: wasm\n`
  await mkdir(join(folder, 'configs'))
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, 'configs', name), text)
  await write('base.yaml', stage(BASE_STEPS, 'glyph'))
  await write('sft.yaml', stage(2, 'orientation'))
  await cp(join(prompts, 'tools-prompt.txt'), join(folder, 'configs', 'tools-prompt.txt'))
  await write(
    'grpo.yaml',
    `model: { kind: tfjs, path: there-is-none, backend: wasm }
data: rows.parquet
scoring: strict
agent: { systemPrompt: tools-prompt.txt, turns: 2, tokensPerTurn: 8, minPixels: 16384, maxPixels: 16384 }
training: { batch: 2, groupSize: 2, steps: 1, learningRate: 1.0e-3, concurrency: 4 }
`,
  )
  await write(
    'recipe.yaml',
    `stages:
  - { kind: supervised, name: base, config: base.yaml, minutes: 0.5 }
  - { kind: supervised, name: sft, config: sft.yaml }
  - { kind: grpo, name: rl, config: grpo.yaml, boards: { rows: 6 } }
evaluation: { rows: 6 }
`,
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function run(options: readonly string[], interruptWhen?: (stderr: string) => boolean): Promise<Finished> {
  const args = ['experiment', 'train-mini', 'configs/recipe.yaml', ...options]
  return runCommand({ args, cwd: folder, interruptWhen })
}

const weightsOf = (...path: string[]): Promise<Buffer> => readFile(join(folder, ...path, 'model.safetensors'))
const linesOf = async (...path: string[]): Promise<{ step: number; figures: Record<string, number> }[]> =>
  (await readFile(join(folder, ...path, 'metrics.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { step: number; figures: Record<string, number> })

test('one command trains every stage from the one before, ships and evaluates them, and given again it does nothing twice', async () => {
  const first = await run(['--output', 'whole'])
  expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('base, stage 1 of 3') as unknown })
  expect(first.stderr).toContain('about 0.5 min on two free cores')
  expect(first.stdout).toMatch(/^rotate_90 +0\.0/m)
  const figures = JSON.parse(await readFile(join(folder, 'whole', 'evaluation.json'), 'utf8')) as object
  expect(Object.keys(figures)).toEqual(['base', 'sft', 'rl'])
  for (const one of Object.values(figures)) expect(Object.keys(one as object)).toEqual([...TRANSFORMS])
  for (const stage of ['base', 'sft', 'rl']) {
    const files = await readdir(join(folder, 'whole', 'checkpoints', stage))
    expect(files).toEqual(expect.arrayContaining(['README.md', 'model.safetensors', 'tokenizer.json']))
    expect(files).not.toContain('trainer')
    const card = await readFile(join(folder, 'whole', 'checkpoints', stage, 'README.md'), 'utf8')
    expect(card).toMatch(/\| rotate_90 \| 1 \| 0\.0 % \|/)
  }
  const page = await readFile(join(folder, 'whole', 'training.html'), 'utf8')
  expect([...page.matchAll(/<h2>(\w+)<\/h2>/g)].map(([, name]) => name)).toEqual(['base', 'sft', 'rl'])
  const base = await linesOf('whole', 'base')
  expect(base.map(({ step }) => step)).toEqual(LINES)
  expect(base[0]?.figures).toMatchObject({ loss: base[0]?.figures['loss/glyph'] })
  expect(base.at(-1)?.figures).toHaveProperty(['accuracy/glyph'])

  const weights = await weightsOf('whole', 'rl', 'checkpoints', 'step-000001', 'policy')
  const again = await run(['--output', 'whole'])
  expect(again).toMatchObject({ code: 0 })
  for (const stage of ['base', 'sft', 'rl']) expect(again.stderr).toContain(`${stage}: finished before`)
  expect((await weightsOf('whole', 'rl', 'checkpoints', 'step-000001', 'policy')).equals(weights)).toBe(true)
}, 240_000)

test('a mistake in what comes last is told before anything is trained', async () => {
  const path = join(folder, 'configs', 'grpo.yaml')
  const before = await readFile(path, 'utf8')
  await writeFile(path, before.replace('groupSize', 'groupsize'))
  const { code, stderr } = await run(['--output', 'mistaken'])
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('groupsize') as unknown })
  expect(stderr).not.toContain('stage 1 of 3')
  await writeFile(path, before)
}, 120_000)

test('a stage that Ctrl-C stops goes on with the same next step, and its command is told', async () => {
  const stopped = await run(['--output', 'stopped', '--stages', 'base'], (told) =>
    told.includes(`base: 0 of ${BASE_STEPS} steps done`),
  )
  expect(stopped.code).toBe(130)
  const { steps } = JSON.parse(
    await readFile(join(folder, 'stopped', 'base', 'checkpoint', 'trainer', 'state.json'), 'utf8'),
  ) as { steps: number }
  expect(steps).toBeLessThan(BASE_STEPS)
  expect(stopped.stdout).toMatch(
    /To go on: .*main\.js experiment train-mini configs\/recipe\.yaml --output stopped --stages base/,
  )
  const resumed = await run(['--output', 'stopped', '--stages', 'base'])
  expect(resumed.stderr).toContain(`base: ${steps} of ${BASE_STEPS} steps done`)
  expect(
    (await weightsOf('stopped', 'base', 'checkpoint')).equals(await weightsOf('whole', 'base', 'checkpoint')),
  ).toBe(true)
  expect((await linesOf('stopped', 'base')).map(({ step }) => step)).toEqual(LINES)
}, 120_000)

test('a seed varies the weights and the samples of a stage, and the same seed gives the same', async () => {
  for (const [output, seed] of [
    ['seed-7', '7'],
    ['seed-7-too', '7'],
    ['seed-8', '8'],
  ] as const)
    expect((await run(['--output', output, '--seed', seed, '--stages', 'base'])).code).toBe(0)
  const weights = await Promise.all(
    ['seed-7', 'seed-7-too', 'seed-8', 'whole'].map((output) => weightsOf(output, 'base', 'checkpoint')),
  )
  expect(weights[1]?.equals(weights[0] ?? Buffer.alloc(0))).toBe(true)
  expect(new Set(weights.map((own) => own.toString('base64'))).size).toBe(3)
}, 120_000)

test('a stage that is there is not gone on with by another configuration, from another model or without what it begins with', async () => {
  const refused = async (options: readonly string[], ...told: string[]): Promise<void> => {
    const { code, stderr } = await run(options)
    expect(code).toBe(2)
    for (const one of told) expect(stderr).toContain(one)
  }
  await refused(['--output', 'seed-7', '--stages', 'sft', '--seed', '8'], 'seed: 7 when it began, 8 now')
  await refused(
    ['--output', 'new', '--stages', 'sft', '--from', 'nowhere'],
    'nowhere: expected the folder of a checkpoint, got none',
  )
  await refused(['--output', 'new', '--stages', 'sft'], 'sft begins with what base ends with', 'got nothing')
  await refused(['--output', 'new', '--stages'], 'expected stages of the recipe (base, sft, rl), got none')
  await refused(['--output', 'new', '--seed', ''], '--seed: expected a number, got ""')
  await refused(['--output', ''], '--output: expected a folder, got ""')
  await refused(
    ['--output', 'new', '--stages', 'sfd'],
    'expected stages of the recipe (base, sft, rl), got sfd',
  )
  await refused(
    ['--output', 'whole', '--stages', 'sft', '--from', 'seed-8/base/checkpoint'],
    `from: ${join(folder, 'whole/base/checkpoint')} when it began, ${join(folder, 'seed-8/base/checkpoint')} now`,
    'Go on with it as it was',
  )
  const path = join(folder, 'configs', 'base.yaml')
  const before = await readFile(path, 'utf8')
  await writeFile(path, before.replace('batch: 2', 'batch: 4').replace('measured: 2', 'measured: 3'))
  await refused(['--output', 'whole'], 'config.batch: 2 when it began, 4 now')
  await writeFile(path, before)
}, 120_000)

test('what was killed before its first checkpoint was trained all the same: another seed is refused', async () => {
  await rm(join(folder, 'seed-7', 'base', 'checkpoint'), { recursive: true })
  const lines = await linesOf('seed-7', 'base')
  const { code, stderr } = await run(['--output', 'seed-7', '--seed', '8', '--stages', 'base'])
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining('seed: 7 when it began, 8 now') as unknown,
  })
  expect(await linesOf('seed-7', 'base')).toEqual(lines)
}, 120_000)

test('a stage whose record is gone is refused, and its boards stay', async () => {
  await rm(join(folder, 'whole', 'rl', 'began-with.json'))
  const { code, stderr } = await run(['--output', 'whole'])
  expect(code).toBe(2)
  expect(stderr).toContain(`${join(folder, 'whole/rl')} holds something that was begun without a record`)
  expect(await readdir(join(folder, 'whole', 'rl-boards'))).toContain('rows.parquet')
}, 120_000)

test('a call that came to nothing binds the next one to neither its checkpoint nor its seed', async () => {
  const call = (...options: string[]): Promise<Finished> =>
    run(['--output', 'bound', '--stages', 'sft', ...options])
  const refused = await call('--from', 'configs')
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain(
    'configs: expected the folder of a checkpoint, got one without config.json',
  )
  expect((await call('--from', 'whole/base/checkpoint', '--seed', '7')).code).toBe(0)
  const other = await call('--from', 'whole/base/checkpoint')
  expect(other.code).toBe(2)
  expect(other.stderr).toContain('seed: 7 when it began, those of the configurations now')
}, 120_000)

test('a stage that was removed is trained and measured anew', async () => {
  const path = join(folder, 'configs', 'sft.yaml')
  const before = await readFile(path, 'utf8')
  const weights = await weightsOf('whole', 'checkpoints', 'sft')
  for (const stage of ['sft', 'rl']) await rm(join(folder, 'whole', stage), { recursive: true })
  await writeFile(path, before.replace('steps: 2', 'steps: 3'))
  const { code, stderr, stdout } = await run(['--output', 'whole'])
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stderr).toContain('base: finished before')
  expect(stdout).toMatch(/^rotate_90 +0\.0/m)
  expect(await readdir(join(folder, 'whole', 'evaluation'))).toEqual(
    expect.arrayContaining(['base', 'sft', 'rl']),
  )
  expect((await weightsOf('whole', 'checkpoints', 'sft')).equals(weights)).toBe(false)
  await writeFile(path, before)
}, 120_000)
