import { afterAll, describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../core/errors.js'
import type { Policy } from '../core/policy.js'
import { loadSuite, type Suite } from '../data/load-suite.js'
import { createPolicyAccount } from '../policies/policy-account.js'
import { openRun } from '../store/open-run.js'
import { mergeEvaluations } from './merge-evaluations.js'
import { runEvaluation, type RunEvaluationParameters } from './run/run-evaluation.js'
import { forgetQuestions } from './testing/forget-questions.js'
import { AGENT, fakePolicy, fakeSandbox, variedTurns, type Turn } from './testing/fakes.js'
import { writeRows } from './testing/rows.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-merge-'))
afterAll(() => rm(folder, { recursive: true }))
const suite = await loadSuite({ suite: await writeRows({ path: join(folder, 'rows.jsonl'), count: 15 }) })

let made = 0
const newPath = (): string => join(folder, `run-${made++}`)
const shardOf = (index: number, count: number) => ({ limit: null, sampleIds: null, shard: { index, count } })

async function run(changes: Partial<RunEvaluationParameters> = {}): Promise<string> {
  const { path } = await runEvaluation({
    suite,
    policy: fakePolicy({ turnsFor: variedTurns }),
    sandbox: fakeSandbox(),
    agent: AGENT,
    scoring: { profile: 'strict', judge: null },
    run: { path: newPath(), mode: 'create' },
    epochs: 2,
    retries: { count: 0, delayMs: 1 },
    ...changes,
  })
  return path
}

/** The rows' entries as another template would make them. */
async function* retold(entries: ReturnType<Suite['entries']>, prompt: string): ReturnType<Suite['entries']> {
  for await (const entry of entries) yield { ...entry, key: `${entry.key}-${prompt}` }
}

const fileOf = (path: string, name: string): Promise<string> => readFile(join(path, name), 'utf8')
const summaryOf = (path: string): Promise<string> => fileOf(path, 'summary.json')
const whole = await run()

/** One drain after `count` samples. */
async function stoppedAfter(count: number, changes: Partial<RunEvaluationParameters> = {}): Promise<string> {
  const drain = new AbortController()
  return run({
    concurrency: 1,
    interrupts: { drain: drain.signal },
    onProgress: ({ finished }) => {
      if (finished >= count) drain.abort()
    },
    ...changes,
  })
}

describe('merged shards', () => {
  test('have the summary of one run without shards, byte for byte, and every image once', async () => {
    const shards = [await run({ selection: shardOf(1, 3) }), await run({ selection: shardOf(2, 3) })]
    shards.push(await run({ selection: shardOf(3, 3), concurrency: 2 }))
    const merged = await mergeEvaluations({ paths: shards, output: newPath() })
    expect(merged).toMatchObject({ taken: [10, 10, 10], conflicts: [] })
    expect(await summaryOf(merged.path)).toBe(await summaryOf(whole))
    const imagesOf = async (path: string) => (await readdir(join(path, 'images'))).sort()
    expect(await imagesOf(merged.path)).toEqual(await imagesOf(whole))
    const [name = ''] = await imagesOf(merged.path)
    expect((await stat(join(merged.path, 'images', name))).nlink).toBeGreaterThan(1)
    const { identity } = (await openRun({ path: merged.path, mode: 'read' })).manifest
    expect(identity).toEqual((await openRun({ path: whole, mode: 'read' })).manifest.identity)
    expect((await readdir(merged.path)).sort()).toEqual((await readdir(whole)).sort())
  })

  test('of which one is missing are resumed as a run without shards', async () => {
    const paths = [
      await run({ selection: shardOf(1, 3) }),
      await stoppedAfter(4, { selection: shardOf(3, 3) }),
    ]
    const { path, derived } = await mergeEvaluations({ paths, output: newPath() })
    expect(derived.summary).toMatchObject({ isComplete: false, planned: 30, overall: { n: 14 } })
    let ran = 0
    await run({ run: { path, mode: 'resume' }, onProgress: (_, sample) => (ran += Number(sample !== null)) })
    expect(ran).toBe(16)
    expect(await summaryOf(path)).toBe(await summaryOf(whole))
  })

  test('have used what all of them used, at the price of the first', async () => {
    const counted = (): Policy => {
      const account = createPolicyAccount()
      const policy = fakePolicy({ turnsFor: variedTurns })
      return {
        ...policy,
        account,
        next: (request) => {
          account.addTokens({ promptTokens: 2, completionTokens: 1 })
          return account.call(() => policy.next(request))
        },
      }
    }
    const config = { policy: { price: { input: 1e6, output: 0, currency: 'EUR' } } }
    const one = await run({ policy: counted(), config })
    const paths = [1, 2].map((index) => run({ policy: counted(), config, selection: shardOf(index, 2) }))
    const merged = await mergeEvaluations({ paths: await Promise.all(paths), output: newPath() })
    const { policy } = JSON.parse(await fileOf(one, 'timings.json')) as { policy: { calls: number } }
    expect(merged.derived.costs.policy).toEqual({
      ...policy,
      waitedMs: expect.any(Number),
      cost: { amount: 2 * policy.calls, currency: 'EUR' },
    })
  })
})

describe('runs of the same samples', () => {
  test('that are the same lose nothing and say nothing; a finished sample wins over a failed one', async () => {
    const failing = ({ number }: { number: number }): readonly Turn[] =>
      number % 2 === 0 ? ['lost'] : variedTurns({ number })
    const failed = await run({ policy: fakePolicy({ turnsFor: failing }) })
    const half = await stoppedAfter(20)
    const merged = await mergeEvaluations({ paths: [failed, half, whole], output: newPath() })
    expect(merged.conflicts).toEqual([])
    expect(merged.taken.reduce((sum, count) => sum + count)).toBe(30)
    expect(await summaryOf(merged.path)).toBe(await summaryOf(whole))
  })

  test('that differ keep the sample of the run named first, and tell', async () => {
    const other = await run({ policy: fakePolicy({ turnsFor: () => [{ answer: 'no' }] }) })
    const merged = await mergeEvaluations({ paths: [other, whole], output: newPath() })
    expect(merged.conflicts).toHaveLength(30)
    expect(await summaryOf(merged.path)).toBe(await summaryOf(other))
  })
})

describe('is refused', () => {
  test('for runs of different evaluations, with what differs', async () => {
    const other = await run({ epochs: 1 })
    const merging = mergeEvaluations({ paths: [whole, other], output: newPath() })
    await expect(merging).rejects.toThrow(UsageError)
    await expect(merging).rejects.toThrow(/head\.epochs: 2 there, 1 here/)
  })

  test('for shards that asked something else of the same rows; one that does not say what it asked goes with either', async () => {
    const asked = (prompt: string): Suite => ({ ...suite, entries: () => retold(suite.entries(), prompt) })
    const one = await run({ suite: asked('A'), selection: shardOf(1, 3) })
    const older = await run({ suite: asked('A'), selection: shardOf(2, 3) })
    await forgetQuestions(older)
    const other = await run({ suite: asked('B'), selection: shardOf(3, 3) })
    const merging = mergeEvaluations({ paths: [older, one, other], output: newPath() })
    await expect(merging).rejects.toThrow(/dataset\.questions: "\w+" there, "\w+" here/)
    const { path } = await mergeEvaluations({ paths: [older, one], output: newPath() })
    const identityOf = async (of: string) => (await openRun({ path: of, mode: 'read' })).manifest.identity
    const questions = ((await identityOf(one)).dataset as { questions: string }).questions
    expect(await identityOf(path)).toMatchObject({ dataset: { questions } })
  })

  test('for a run named twice, or a folder that is there', async () => {
    await expect(mergeEvaluations({ paths: [whole, whole], output: newPath() })).rejects.toThrow(/twice/)
    await expect(mergeEvaluations({ paths: [whole], output: whole })).rejects.toThrow(/is there already/)
  })
})

test('a merge that is killed leaves nothing that looks complete, and is simply done again', async () => {
  const output = newPath()
  const testing = (name: string): string => fileURLToPath(new URL(`./testing/${name}`, import.meta.url))
  const options = ['--import', testing('typescript-loader.mjs'), testing('merge-process.mjs')]
  const child = spawn(process.execPath, options, { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify({ paths: [whole], output }))
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const beside = async () => (await readdir(folder)).filter((name) => join(folder, name).startsWith(output))
  expect(await beside()).not.toContain(output)
  await expect(stat(output)).rejects.toThrow(/ENOENT/)
  const { path } = await mergeEvaluations({ paths: [whole], output })
  expect(await summaryOf(path)).toBe(await summaryOf(whole))
  expect(await beside()).toEqual([path.slice(folder.length + 1)])
})
