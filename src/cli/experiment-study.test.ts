import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parseBoardConfig } from '../data/card-board/board-config.js'
import { writeBoards } from '../data/card-board/write-boards.js'
import { shapeSchema } from '../experiments/mini/mini-shape.js'
import { writeMiniCheckpoint } from '../experiments/mini/write-mini-checkpoint.js'
import { openBackend } from '../models/backend/open-backend.js'
import { runCommand, type Finished } from './testing/run-command.js'

/** The commands as a user runs them: the built program over new models that are as small as can be, and the real sandbox. */
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-study-cli-'))
  await openBackend('wasm')
  const shape = shapeSchema.parse({
    ...{ layers: 1, hidden: 64, heads: 2, keyValueHeads: 1, intermediate: 64 },
    ...{ visionDepth: 1, visionHidden: 32, visionHeads: 2, visionIntermediate: 32, deepStack: [0] },
  })
  for (const [seed, start] of ['base', 'sft'].entries())
    await writeMiniCheckpoint({ directory: join(folder, 'checkpoints', start), shape, seed })
  await writeFile(join(folder, 'prompt.txt'), 'Look.')
  await writeFile(
    join(folder, 'tiny.yaml'),
    `model: { kind: tfjs, path: checkpoints/sft, backend: wasm }
scoring: strict
agent: { turns: 2, tokensPerTurn: 6, minPixels: 16384, maxPixels: 16384, systemPrompt: prompt.txt }
training: { batch: 2, groupSize: 2, steps: 2, learningRate: 1.0e-3, concurrency: 12 }
checkpoints: { every: 1 }
`,
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function experiment(
  args: readonly string[],
  { interruptWhen }: { interruptWhen?: (stderr: string) => boolean } = {},
): Promise<Finished> {
  const models = args.includes('--checkpoints') ? [] : ['--checkpoints', 'checkpoints']
  const common = ['--config', 'tiny.yaml', ...models, '--rows', '6', '--output', 'studies']
  return runCommand({ args: ['experiment', ...args, ...common], cwd: folder, interruptWhen })
}

/** Where each training of a command began and ended. */
const trained = (stderr: string): string[] => stderr.match(/^steps \d to \d of \d$/gm) ?? []

test('a study that is interrupted goes on where it was, and what it made is taken by the next', async () => {
  // Before the model is there: nothing of the arm is trained then.
  const early = await experiment(['reward-ablation'], {
    interruptWhen: (stderr) => /full reward[^]*questions, 2 steps/.test(stderr),
  })
  expect(early).toMatchObject({ code: 130 })
  expect(early.stderr.match(/Finishing what is running/g)).toHaveLength(1)
  expect(early.stderr).not.toContain('step 1/2 · reward')

  // As many steps as the configuration says: the same arms.
  const stopped = await experiment(['reward-ablation', '--steps', '2'], {
    interruptWhen: (stderr) => /without strategy[^]*step 1\/2 · reward/.test(stderr),
  })
  expect(stopped).toMatchObject({ code: 130 })
  expect(stopped.stdout).toMatch(
    /To go on: .*main\.js experiment reward-ablation --steps 2 --config tiny\.yaml/,
  )
  expect(trained(stopped.stderr)).toEqual(['steps 1 to 2 of 2', 'steps 1 to 2 of 2'])
  const half = await readFile(join(folder, 'studies/reward-ablation.html'), 'utf8')
  expect(half).toContain('Not finished: 2 of 4 arms and seeds are missing.')

  const ended = await experiment(['reward-ablation', '--json', 'figures.json'])
  expect(ended).toMatchObject({ code: 0 })
  // The first arm was there, the second had its first step, the third is new.
  expect(trained(ended.stderr)).toEqual(['steps 2 to 2 of 2', 'steps 1 to 2 of 2'])
  expect(ended.stdout).toContain("Whether the direction agrees with the paper's cannot be told")
  const figures = JSON.parse(await readFile(join(folder, 'figures.json'), 'utf8')) as {
    verdict: string
    arms: { name: string; seeds: { tasks: number; accuracy: number }[] }[]
  }
  expect(figures.verdict).toBe('cannot tell')
  expect(figures.arms.map(({ name }) => name)).toEqual([
    ...['SFT, before RL', 'full reward', 'without strategy', 'without penalty'],
  ])
  for (const { seeds } of figures.arms) expect(seeds).toMatchObject([{ seed: 0, tasks: 6, accuracy: 0 }])
  const page = await readFile(join(folder, 'studies/reward-ablation.html'), 'utf8')
  expect(page).not.toContain('Not finished')

  const next = await experiment(['cold-start'])
  expect(next).toMatchObject({ code: 0 })
  expect(trained(next.stderr)).toEqual(['steps 1 to 2 of 2'])
  // A new model calls nothing.
  expect(next.stdout).toMatch(
    /What the paper says is not tested by these figures .*0\.00 tool turns a question/,
  )
  expect(await readdir(join(folder, 'studies/arms'))).toHaveLength(4)
  const again = await experiment(['cold-start'])
  expect(trained(again.stderr)).toEqual([])
  expect(again.stdout).toContain('Report: ')
}, 400_000)

test('a configuration’s own model is the one after SFT, also where boards are drawn for it', async () => {
  const args = ['experiment', 'cold-start', '--config', 'tiny.yaml', '--output', 'own-model']
  expect(await runCommand({ args, cwd: folder })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'cold-start begins with the checkpoint base, expected a folder that holds it, got none',
    ) as unknown,
  })
})

test('checkpoints are compared over tasks with rows of one’s own, also where code can call functions', async () => {
  const upright = parseBoardConfig({ seed: 'own', transforms: ['none'] })
  await writeBoards({ config: upright, folder: join(folder, 'own'), rows: 6 })
  for (const start of ['base', 'sft', 'rl'])
    await cp(join(folder, 'checkpoints', start === 'base' ? 'base' : 'sft'), join(folder, 'models', start), {
      recursive: true,
    })
  await writeFile(
    join(folder, 'own.yaml'),
    `extends: tiny.yaml
data: own/rows.parquet
transforms: [none, rotate_90]
evaluation: { data: own/rows.parquet, transforms: [none] }
agent: { describeTools: true }
sandbox: { tools: [{ name: read_words, kind: builtin, builtin: ocr }] }
`,
  )
  const args = ['--full-scale', 'own.yaml', '--checkpoints', 'models', '--rows', '2', '--seeds', '2']
  const ended = await runCommand({
    args: ['experiment', 'beyond-transforms', ...args, '--output', 'own-studies'],
    cwd: folder,
  })
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('One seed') as unknown })
  // RL is the same checkpoint as SFT here.
  expect(await readdir(join(folder, 'own-studies/evaluations'))).toHaveLength(2)
}, 200_000)

test.each([
  [['beyond-transforms', '--seeds', '0'], '--seeds: expected a whole number from 1 on, got 0'],
  [
    ['scaling', '--row-counts', '0'],
    '--row-counts: expected whole numbers from 2 (the questions of one step, training.batch) to 3, since an arm takes 4 questions at the most',
  ],
  [['scaling', '--row-counts', '1'], '--row-counts: expected whole numbers from 2 '],
  [['scaling', '--row-counts', '4'], '--row-counts: expected whole numbers from 2 '],
  [['scaling', '--row-counts', 'many'], '--row-counts: expected numbers, got "many"'],
  [['beta-sweep', '--beta1', 'Infinity', '1'], '--beta1: expected numbers, got "Infinity"'],
  [['reward-ablation', '--json', 'checkpoints'], '--json: expected a file, got the folder checkpoints'],
  [
    ['cold-start', '--early', 'nowhere'],
    '--early: cold-start begins with the checkpoint early, expected nowhere',
  ],
  [['emergent-tools', '--held-out', 'none'], '--held-out: expected one of rotate_90'],
  [
    ['cold-start', '--checkpoints', 'nowhere'],
    'cold-start begins with the checkpoint base, expected nowhere/base',
  ],
])('what cannot be studied is refused before anything is trained: %j', async (args, told) => {
  const refused = await experiment(args)
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(told) as unknown })
})
