import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Task } from '../core/task.js'
import type { Sample } from '../core/sample.js'
import { TRANSFORMS } from '../core/transform.js'
import type { FilterReport } from '../curation/filter/filter-report.js'
import { startChanceServer } from '../curation/filter/testing/chance-server.js'
import { checkData } from '../data/check/check-data.js'
import { loadSuite } from '../data/load-suite.js'
import { parseMiniWorldConfig } from '../data/mini-world/mini-world-config.js'
import { writeMiniWorld } from '../data/mini-world/write-mini-world.js'
import type { ScriptedServer } from '../llm/testing/scripted-server.js'

/** The command as a user runs it: the built program, the real sandbox, a server that is right by chance. */
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const ROLLOUTS = 3
/** Upright ones. */
const ROWS = 12

let folder: string
let server: ScriptedServer
let broken: (question: string) => boolean = () => false

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-filter-cli-'))
  const config = parseMiniWorldConfig({
    ...{ rows: ROWS, seed: 'filter', transforms: ['none'], size: 512, view: 20736, 'read-height': 9 },
  })
  await writeMiniWorld({ config, folder })
  server = await startChanceServer({
    rows: [join(folder, 'rows.parquet')],
    isBroken: (question) => broken(question),
  })
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

async function filter(
  args: string[],
  { stopAfter, signal = 'SIGKILL' }: { stopAfter?: number; signal?: NodeJS.Signals } = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [program, 'data', 'filter', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'x', JUDGE_MODEL: '' },
  })
  const out = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (out.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (out.stderr += String(chunk)))
  const journal = join(folder, args[args.indexOf('--out') + 1] ?? '', 'rollouts', 'samples.jsonl')
  const watch = setInterval(() => {
    if (stopAfter === undefined) return
    void readFile(journal, 'utf8').then(
      (text) => {
        if (text.split('\n').length > stopAfter) {
          clearInterval(watch)
          child.kill(signal)
        }
      },
      () => undefined,
    )
  }, 20)
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearInterval(watch)
      resolve({ code, ...out })
    }),
  )
}

const ASKED = [
  '--model',
  'm',
  '--judge',
  'none',
  '--no-cache',
  '--rollouts',
  String(ROLLOUTS),
  '--concurrency',
  '6',
]
const TURNED = ['rows.parquet', '--transform', 'balanced', ...ASKED]

async function reportOf(out: string): Promise<FilterReport> {
  return JSON.parse(await readFile(join(folder, out, 'report.json'), 'utf8')) as FilterReport
}

async function rowsOf(out: string): Promise<Task[]> {
  const tasks: Task[] = []
  const suite = await loadSuite({ suite: join(folder, out, 'rows.parquet') })
  for await (const { task } of suite.tasks()) tasks.push(task)
  return tasks
}

/** How many rollouts of each row were right, as the run's journal says. */
async function countsOf(out: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  const lines = (await readFile(join(folder, out, 'rollouts', 'samples.jsonl'), 'utf8')).trim().split('\n')
  for (const { taskId, outcome } of lines.map((line) => JSON.parse(line) as Sample))
    counts.set(taskId, (counts.get(taskId) ?? 0) + (outcome === 'correct' ? 1 : 0))
  return counts
}

test('rows that are solved sometimes are kept, with how often; what is written is sound', async () => {
  const { code, stdout, stderr } = await filter([...TURNED, '--out', 'whole'])
  expect(stderr).not.toMatch(/Error/)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^Rows: whole\/rows\.parquet$/m)
  expect(stdout).toMatch(/^all +12 /m)

  const counts = await countsOf('whole')
  const mixed = [...counts].filter(([, correct]) => correct > 0 && correct < ROLLOUTS)
  const rows = await rowsOf('whole')
  expect(rows.length).toBeGreaterThan(2)
  expect(rows.map(({ id, metadata }) => [id, metadata.correct]).sort()).toEqual(mixed.sort())
  for (const { metadata } of rows) {
    expect(metadata.rollouts).toBe(ROLLOUTS)
    expect(metadata.pass_rate).toBeCloseTo((metadata.correct as number) / ROLLOUTS, 4)
  }
  expect(
    rows.some(({ metadata }) => (metadata.tools_used as Record<string, number>).rotate_90 !== undefined),
  ).toBe(true)

  const report = await reportOf('whole')
  for (const name of TRANSFORMS) expect(report.dealt?.[name]).toBe(ROWS / 6)
  expect(report.rollouts).toMatchObject({ scored: ROWS * ROLLOUTS, failed: 0 })
  const { findings } = await checkData({ paths: [join(folder, 'whole', 'rows.parquet')] })
  expect(Object.values(findings).filter((count) => count > 0)).toEqual([])
  expect((await readdir(join(folder, 'whole'))).sort()).toEqual([
    ...['pass-rates.svg', 'report.json', 'rollouts', 'rows.parquet'],
  ])
}, 120_000)

test('killed in the middle and resumed, it writes the same bytes as one that was left alone', async () => {
  await filter([...TURNED, '--out', 'killed'], { stopAfter: 10 })
  await filter([...TURNED, '--out', 'killed', '--resume'], { stopAfter: 20 })
  expect(await readdir(join(folder, 'killed'))).toEqual(['rollouts'])
  const again = await filter([...TURNED, '--out', 'killed'])
  expect(again).toMatchObject({ code: 2, stderr: expect.stringMatching(/holds rollouts .*--resume/) })
  const asked = server.requests.length
  const { code } = await filter([...TURNED, '--out', 'killed', '--resume'])
  expect(code).toBe(0)
  // Less than two turns for each of the rollouts that were left, and the checks before the start.
  expect(server.requests.length - asked).toBeLessThan(2 * (ROWS * ROLLOUTS - 20) + 2)
  for (const name of ['rows.parquet', 'report.json', 'pass-rates.svg'])
    expect(
      (await readFile(join(folder, 'killed', name))).equals(await readFile(join(folder, 'whole', name))),
    ).toBe(true)
}, 120_000)

test('Ctrl-C finishes what is running, writes no rows and tells how to go on', async () => {
  const stopped = await filter([...TURNED, '--out', 'stopped'], { stopAfter: 8, signal: 'SIGINT' })
  expect(stopped.code).toBe(130)
  expect(stopped.stderr).toMatch(/To go on later: .*main\.js data filter .*--out stopped --resume/)
  expect(await readdir(join(folder, 'stopped'))).toEqual(['rollouts'])
}, 60_000)

test('finished rollouts are filtered again with other bounds, and nothing is asked', async () => {
  const asked = server.requests.length
  const args = ['rows.parquet', '--transform', 'balanced', '--run', 'whole/rollouts', '--keep', '0-0.5']
  const { code, stdout } = await filter([
    ...args,
    '--out',
    'easy',
    '--balance',
    'transform,category',
    '--count',
    '4',
  ])
  expect(code).toBe(0)
  expect(server.requests).toHaveLength(asked)
  const wanted = new Set(
    [...(await countsOf('whole'))].filter(([, correct]) => correct <= 1).map(([id]) => id),
  )
  const rows = await rowsOf('easy')
  expect(rows).toHaveLength(4)
  for (const { id } of rows) expect(wanted).toContain(id)
  // Without --transform most rows are others than those that were asked.
  const other = await filter(['rows.parquet', '--run', 'whole/rollouts', '--out', 'other'])
  expect(other).toMatchObject({ code: 1, stdout: expect.stringMatching(/10 rows lack .*--transform/s) })
  expect(stdout).toMatch(/^(short of, b|Balanced b)y transform and category/m)
}, 60_000)

test('rows whose rollouts failed are neither right nor wrong: they are kept out until they are resumed', async () => {
  const [unlucky] = await rowsOf('whole')
  broken = (question) => question === unlucky?.question
  const args = [...TURNED, '--out', 'patchy']
  const first = await filter(args)
  expect(first.code).toBe(1)
  expect(first.stdout).toMatch(/1 row lacks rollouts that were scored/)
  expect((await reportOf('patchy')).overall.fates.incomplete).toBe(1)
  expect((await rowsOf('patchy')).map(({ id }) => id)).not.toContain(unlucky?.id)
  broken = () => false
  const second = await filter([...args, '--resume'])
  expect(second.code).toBe(0)
  expect(
    (await readFile(join(folder, 'patchy', 'rows.parquet'))).equals(
      await readFile(join(folder, 'whole', 'rows.parquet')),
    ),
  ).toBe(true)
}, 120_000)

test('a run is replayed: another program does the same and keeps the same rows', async () => {
  const args = ['rows.parquet', '--transform', 'balanced', '--replay', 'whole/rollouts', '--judge', 'none']
  const { code } = await filter([...args, '--rollouts', String(ROLLOUTS), '--out', 'replayed'])
  expect(code).toBe(0)
  expect(
    (await readFile(join(folder, 'replayed', 'rows.parquet'))).equals(
      await readFile(join(folder, 'whole', 'rows.parquet')),
    ),
  ).toBe(true)
}, 120_000)

test('what is asked wrongly ends with exit code 2 and a sentence, before anything is asked or made', async () => {
  const cases: [string[], RegExp][] = [
    [['rows.parquet', '--judge', 'none', '--balance', 'transform'], /`balance`: expected --count/],
    [
      ['rows.parquet', '--judge', 'none', '--balance', 'category,kind', '--count', '3'],
      /--balance: expected one of/,
    ],
    [
      ['rows.parquet', '--judge', 'none', '--min-rollouts', '9'],
      /--min-rollouts: expected at most --rollouts \(8\)/,
    ],
    [['rows.parquet', '--judge', 'none'], /--keep mixed: no row would be kept, since the policy tesseract/],
    [['rows.parquet', ...ASKED, '--limit', '20-30'], /--limit: expected rows between 1 and 12/],
    [['none.parquet', ...ASKED], /none\.parquet: expected a parquet file/],
    [['rows.parquet', '--run', 'whole/rollouts', '--model', 'm'], /run and model are mutually exclusive/],
  ]
  for (const [args, message] of cases)
    expect(await filter([...args, '--out', 'wrong'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(message),
    })
  expect(await readdir(folder)).not.toContain('wrong')
}, 120_000)
