import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { TRANSFORMS } from '../core/transform.js'
import { shapeSchema } from '../experiments/mini/mini-shape.js'
import { writeMiniCheckpoint } from '../experiments/mini/write-mini-checkpoint.js'
import { openBackend } from '../models/backend/open-backend.js'

/** The command as a user runs it, over new models and the real sandbox. */
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

let folder: string
const MODELS = ['--checkpoints', 'checkpoints']

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-experiment-'))
  await openBackend('wasm')
  const shape = shapeSchema.parse({ layers: 1, visionDepth: 2 })
  for (const [seed, stage] of ['base', 'rl'].entries())
    await writeMiniCheckpoint({ directory: join(folder, 'checkpoints', stage), shape, seed })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const run = (...words: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [program, ...words], { cwd: folder })

const mini = (...options: string[]): Promise<{ stdout: string; stderr: string }> =>
  run('experiment', 'mini', ...(options.includes('--checkpoints') ? [] : MODELS), ...options)

test('each stage is evaluated on the same new tasks, and its figures are written for every orientation', async () => {
  const { stdout } = await mini('--rows', '12', '--stages', 'base', 'rl', '--json', 'figures.json')
  const figures = JSON.parse(await readFile(join(folder, 'figures.json'), 'utf8')) as Record<string, object>
  expect(Object.keys(figures)).toEqual(['base', 'rl'])
  for (const stage of Object.values(figures)) {
    expect(Object.keys(stage)).toEqual([...TRANSFORMS])
    for (const one of Object.values(stage) as Record<string, number>[]) {
      expect(Object.keys(one)).toEqual(['n', 'accuracy', 'low', 'high', 'turns', 'toolErrors'])
      // What a new model writes is no answer.
      expect(one).toMatchObject({ n: 2, accuracy: 0, low: 0, turns: 1 })
      expect(one.high).toBeCloseTo(0.6576, 3)
    }
  }
  expect(stdout).toMatch(/^flip_vertical +0\.0 +0\.0–65\.8 +1\.00 +0 +0\.0/m)
})

test.each([
  [['--rows', '1e9'], 'got 1000000000'],
  [['--json', 'checkpoints'], '--json: expected a file, got the folder checkpoints'],
  [['--rows', '12'], 'expected a checkpoint of the stage sft, got no checkpoints/sft/config.json'],
  [['--stages', '--rows', '6'], '--stages: expected some of base, sft, rl, got none'],
  [['--seed', ''], '--seed: expected a text that the tasks follow from, got ""'],
  [['--output', ''], '--output: expected a folder, got ""'],
  [['--output', '--stages', 'base'], 'Option output: expected a value behind it, got none.'],
  [['--json', ''], '--json: expected a file, got ""'],
  [['--rows', ''], '--rows: expected a number, got ""'],
  [['--rows', '5'], '--rows: expected a whole number from 6, one for each orientation, to 1000000, got 5'],
])('what cannot be evaluated is refused before anything is drawn: %j', async (options, told) => {
  await expect(mini(...options)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining(told) as unknown,
  })
})

test.each([
  [['--output', '/proc/experiment'], /\/proc\/experiment could not be made: .*--output/],
  [['--output', 'figures.json/runs'], /could not be made: .*--output/],
  [['--json', 'checkpoints/base/config.json/figures.json'], /could not be made: .*--json/],
])('a place that cannot be written is told before anything is drawn: %j', async (options, told) => {
  await writeFile(join(folder, 'figures.json'), '')
  await expect(mini('--stages', 'base', ...options)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(told) as unknown,
    stdout: '',
  })
})

test('given again with its folder it takes what is there, and nothing of other tasks or models', async () => {
  const again = ['--rows', '6', '--stages', 'base', '--output', 'again']
  const samples = (): Promise<string> => readFile(join(folder, 'again/base/samples.jsonl'), 'utf8')
  await mini(...again)
  const first = await samples()
  await mini(...again, '--json', 'nowhere/figures.json')
  expect(await samples()).toBe(first)
  expect(
    Object.keys(JSON.parse(await readFile(join(folder, 'nowhere/figures.json'), 'utf8')) as object),
  ).toEqual(['base'])
  const refused = (...options: string[]) =>
    mini(...again, ...options).then(
      () => '',
      ({ stderr }: { stderr: string }) => stderr,
    )
  expect(await refused('--seed', 'other')).toContain('seed: "evaluation" when it began, "other" now')
  await cp(join(folder, 'checkpoints/rl'), join(folder, 'others/base'), { recursive: true })
  expect(await refused('--checkpoints', 'others')).toMatch(/policy.* in the run, .* now/)
})

test('rows that were drawn without a record of seed and number are not taken for those that are asked for', async () => {
  await run('data', 'boards', '--rows', '6', '--seed', 'other', '--out', 'boards')
  await expect(mini('--rows', '12', '--stages', 'base', '--output', 'boards')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('begun without a record') as unknown,
  })
  expect(await readdir(join(folder, 'boards'))).toEqual(['rows.parquet'])
})
