import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { generateDemoSuite } from '../data/demo/generate-demo-suite.js'
import { writeParquet } from '../data/write-parquet.js'
import { openBackend } from '../models/backend/open-backend.js'
import { writeTinyCheckpoint } from '../models/testing/tiny-checkpoint.js'

/** The command as a user runs it, over a checkpoint of random weights and the real sandbox. */
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const ROWS = 6

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-cli-tfjs-'))
  await openBackend('wasm')
  await writeTinyCheckpoint({ directory: join(folder, 'tiny'), contextTokens: 16_384 })
  // Its paths are meant from where it stands.
  await mkdir(join(folder, 'configs'))
  await writeFile(join(folder, 'configs', 'eval.yaml'), CONFIG)
  await writeParquet({
    path: join(folder, 'rows.parquet'),
    rows: generateDemoSuite({ rows: ROWS, seed: 'tfjs' }),
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const codevision = (...options: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [program, ...options], { cwd: folder })

const CONFIG = `
data: ../rows.parquet
policy: { kind: tfjs, model: ../tiny, temperature: 1 }
judge: none
agent: { turns: 3, tokensPerTurn: 40, maxPixels: 4096 }
output: runs
`

interface Line {
  key: string
  outcome: string
  trajectory: { turns: number; messages: object[]; usage: { completionTokens: number } }
}

const samplesOf = async (run: string): Promise<Line[]> =>
  (await readFile(join(folder, 'runs', run, 'samples.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .sort((a, b) => (a.key < b.key ? -1 : 1))

test('eval lets a checkpoint answer a file of questions, and says the same one by one', async () => {
  const { stdout } = await codevision('eval', 'configs/eval.yaml', '--name', 'together', '--concurrency', '6')
  expect(stdout).toMatch(/Run: .*together/)
  const samples = await samplesOf('together')
  expect(samples).toHaveLength(ROWS)
  for (const { outcome } of samples)
    expect(['correct', 'wrong', 'truncated', 'turn-limit']).toContain(outcome)
  expect(Math.max(...samples.map(({ trajectory }) => trajectory.turns))).toBeGreaterThan(1)
  expect(samples.every(({ trajectory }) => trajectory.usage.completionTokens > 0)).toBe(true)
  const summary = JSON.parse(await readFile(join(folder, 'runs', 'together', 'summary.json'), 'utf8')) as {
    policy: object
  }
  expect(summary.policy).toMatchObject({
    name: 'tfjs',
    model: expect.stringMatching(/^tiny@[0-9a-f]{12}\/(node|wasm)$/) as unknown,
  })

  await codevision('eval', 'configs/eval.yaml', '--name', 'alone', '--concurrency', '1')
  const written = (lines: Line[]) => lines.map(({ trajectory }) => trajectory.messages)
  expect(written(await samplesOf('alone'))).toEqual(written(samples))
})

test('a checkpoint of the command line is looked for where the command is run, and refused in a sentence', async () => {
  const other = codevision(
    'eval',
    'configs/eval.yaml',
    '--name',
    'x',
    '--policy',
    'tfjs',
    '--model',
    'nowhere',
  )
  await expect(other).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^nowhere: expected the folder of a checkpoint .*\n$/) as unknown,
  })
})
