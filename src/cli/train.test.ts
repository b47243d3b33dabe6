import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { openBackend } from '../models/backend/open-backend.js'
import { writeTinyCheckpoint } from '../models/testing/tiny-checkpoint.js'
import type { StepMetrics } from '../training/metrics/step-metrics.js'
import { runCommand, type Finished } from './testing/run-command.js'

/** The command as a user runs it: the built program, the engine with a tiny model, and the real sandbox. */
let folder: string
let picture: Buffer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-train-cli-'))
  await openBackend('wasm')
  await writeTinyCheckpoint({ directory: join(folder, 'tiny') })
  picture = await sharp({ create: { width: 32, height: 16, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
  await writeFile(join(folder, 'picture.png'), picture)
  const colours = ['teal', 'red', 'blue', 'green', 'grey', 'black']
  const conversations = colours.map((colour) => ({
    conversations: [
      { from: 'human', value: `<image>\nIs it ${colour}?` },
      { from: 'gpt', value: `<answer>${colour === 'teal' ? 'yes' : 'no'}</answer>` },
    ],
    images: ['picture.png'],
  }))
  // Of a set that was put together elsewhere: its picture was not copied.
  const lost = { ...conversations[0], images: ['lost.png'] }
  await writeFile(join(folder, 'talks.json'), JSON.stringify([lost, ...conversations]))
  const rows = colours.map((colour) => ({
    id: colour,
    question: `Is it ${colour}?`,
    answer: colour === 'teal' ? 'yes' : 'no',
    image: { bytes: picture.toString('base64') },
    transform: [],
  }))
  await writeFile(join(folder, 'rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  await writeFile(join(folder, 'prompt.txt'), 'Look.')
  await writeFile(
    join(folder, 'sft.yaml'),
    `model: { kind: tfjs, path: tiny, backend: wasm }
data: talks.json
tools: false
heldOut: { count: 2, every: 2 }
training: { batch: 2, passes: 2, learningRate: 1.0e-3 }
checkpoints: { every: 1, keep: 2 }
`,
  )
  await writeFile(
    join(folder, 'grpo.yaml'),
    `model: { kind: tfjs, path: tiny, backend: wasm }
data: rows.jsonl
agent: { turns: 2, tokensPerTurn: 24, maxPixels: 1024, systemPrompt: prompt.txt }
training: { batch: 2, groupSize: 3, passes: 1, learningRate: 1.0e-3, concurrency: 6, deadlineSeconds: 300 }
`,
  )
  await writeFile(
    join(folder, 'filtered.yaml'),
    'extends: grpo.yaml\ntraining: { groupFilter: accuracy, groupSize: 2 }\n',
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function train(
  args: readonly string[],
  { interruptWhen }: { interruptWhen?: (stderr: string) => boolean } = {},
): Promise<Finished> {
  return runCommand({ args: ['train', ...args], cwd: folder, interruptWhen })
}

async function metricsOf(run: string): Promise<StepMetrics[]> {
  const text = await readFile(join(folder, 'runs', run, 'metrics.jsonl'), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as StepMetrics)
}

test('conversations are learned from, stopped by Ctrl-C after a step, and gone on with by the printed command', async () => {
  const stopped = await train(['sft', 'sft.yaml'], {
    interruptWhen: (stderr) => stderr.includes('step 2/4 · loss'),
  })
  expect(stopped.stderr).toMatch(/Left out: .*talks\.json row 1 \(0\): expected an image file at .*lost\.png/)
  expect(stopped.stderr).toContain('4 conversations, 2 steps a pass, 4 in all')
  expect(stopped.stderr).toMatch(/^Parameters that are trained: .*; frozen: /m)
  expect(stopped).toMatchObject({ code: 130 })
  expect(stopped.stdout).toMatch(/To go on: .*main\.js train sft sft\.yaml --resume\n/)

  const ended = await train(['sft', 'sft.yaml', '--resume'])
  expect(ended).toMatchObject({ code: 0 })
  const again = await train(['sft', 'sft.yaml', '--resume'])
  expect(again).toMatchObject({ code: 0 })
  expect(again.stderr).toContain('4 of 4 steps were taken before; none is to be taken now')
  const metrics = await metricsOf('sft')
  expect(metrics.flatMap(({ step, figures }) => ('loss' in figures ? [step] : []))).toEqual([1, 2, 3, 4])
  const held = metrics.flatMap(({ figures }) => figures['evaluation/loss'] ?? [])
  expect(held.at(-1)).toBeLessThan(held[0] ?? 0)
  const checkpoints = await readdir(join(folder, 'runs/sft/checkpoints'))
  expect(checkpoints.sort()).toEqual(['step-000003', 'step-000004'])
  await access(join(folder, 'runs/sft/checkpoints/step-000004/policy/config.json'))
  await writeFile(join(folder, 'picture.png'), await sharp(picture).negate().png().toBuffer())
  const replaced = await train(['sft', 'sft.yaml', '--resume'])
  expect(replaced).toMatchObject({ code: 2 })
  expect(replaced.stderr).toMatch(/cannot be resumed with this one:\n\s+dataset\.sha256: /)
  await writeFile(join(folder, 'picture.png'), picture)
}, 240_000)

test('rewards are learned from in the sandbox, step by step, and what was kept can be read', async () => {
  const first = await train(['grpo', 'grpo.yaml', '--steps', '1'])
  expect(first).toMatchObject({ code: 0 })
  expect(first.stderr).toMatch(/^Parameters that are trained: .*; frozen: /m)
  expect(first.stdout).toMatch(/1 of 3 steps: stopped\nTo go on: .*main\.js train grpo grpo\.yaml --resume\n/)
  // What is kept for reading decides nothing, so it may change: of the second step nothing is.
  await writeFile(
    join(folder, 'quiet.yaml'),
    'extends: grpo.yaml\nname: grpo\nkeepSamples: { every: 2, prompts: 2 }\n',
  )
  const next = await train(['grpo', 'quiet.yaml', '--steps', '2', '--resume'])
  expect(next).toMatchObject({ code: 0 })
  const metrics = await metricsOf('grpo')
  expect(metrics.map(({ step }) => step)).toEqual([1, 2])
  for (const { figures } of metrics) {
    expect(figures['rollouts/ended']).toBe(6)
    // What the engine computes for a token is what it sampled it with.
    expect(figures.samplerDrift).toBeLessThan(1e-4)
    expect(figures.learningRate).toBe(1e-3)
  }
  // New weights answer nothing right, so that no group tells one rollout from another.
  const filtered = await train(['grpo', 'filtered.yaml', '--steps', '1'])
  expect(filtered.stderr).toContain('no update: of 2 groups 2 left out by the filter')
  expect(filtered.stderr).toContain('Warning: 1 of 1 steps taken now made no update')
  const samples = (await readFile(join(folder, 'runs/grpo/samples.jsonl'), 'utf8')).trim().split('\n')
  expect(samples).toHaveLength(6)
}, 240_000)

test('what is wrong with the command line or the configuration ends it before anything is loaded', async () => {
  const steps = await train(['grpo', 'grpo.yaml', '--steps', '0'])
  expect(steps).toMatchObject({ code: 2, stderr: '--steps: expected a whole number from 1 on, got 0\n' })
  const missing = await train(['sft', 'sft.yaml', '--data', 'nothing.json', '--name', 'other'])
  expect(missing.code).toBe(2)
  expect(missing.stderr).toContain('--data: expected what to learn from')
  expect(missing.stderr).toContain('nothing.json, which is not there')
  expect(await train([])).toMatchObject({
    code: 2,
    stderr: 'Arguments are missing: got 0, expected at least 2; the same command with --help names them.\n',
  })
  const resumed = await train(['sft', 'sft.yaml', '--name', 'never', '--resume'])
  expect(resumed.code).toBe(2)
  expect(resumed.stderr).toContain('Begin it without --resume.')
  // The folder of a model that cannot be loaded: what is wrong with the run is told before that is tried.
  await mkdir(join(folder, 'empty'))
  await mkdir(join(folder, 'taken/begun'), { recursive: true })
  await writeFile(join(folder, 'taken/begun/manifest.json'), '{}')
  for (const method of ['sft', 'grpo']) {
    const taken = await train([
      ...[method, `${method}.yaml`, '--model', 'empty'],
      ...['--output', 'taken', '--name', 'begun'],
    ])
    expect(taken.code).toBe(2)
    expect(taken.stderr).toContain('holds a run already')
  }
})

test('rows that are measured and learned from too are told before anything is loaded', async () => {
  await writeFile(
    join(folder, 'overlapping.yaml'),
    'extends: grpo.yaml\nmodel: { path: nowhere }\nevaluation: { data: rows.jsonl, limit: 2 }\n',
  )
  await mkdir(join(folder, 'nowhere'))
  const { stderr } = await train(['grpo', 'overlapping.yaml'])
  expect(stderr).toContain('Warning: 2 of the 2 rows of `evaluation.data` are learned from too')
})
