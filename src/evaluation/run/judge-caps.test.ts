import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JudgeError } from '../../core/errors.js'
import type { Sample } from '../../core/sample.js'
import { loadSuite } from '../../data/load-suite.js'
import { createChatClient } from '../../llm/chat-client.js'
import { createReplyCache, type ReplyCache } from '../../llm/reply-cache.js'
import { completionBody } from '../../llm/testing/completion-body.js'
import {
  startScriptedServer,
  type ScriptedServer,
  type ScriptedStep,
} from '../../llm/testing/scripted-server.js'
import { createJudge, type ModelJudgeParameters } from '../../reward/judge.js'
import { openRun } from '../../store/open-run.js'
import { rescore } from '../rescore.js'
import { runEvaluation, type RunEvaluationParameters } from './run-evaluation.js'
import { AGENT, fakePolicy, fakeSandbox, type Turn } from '../testing/fakes.js'
import { writeRows } from '../testing/rows.js'

const ROWS = 8
const folder = await mkdtemp(join(tmpdir(), 'codevision-caps-'))
afterAll(() => rm(folder, { recursive: true }))
const suite = await loadSuite({ suite: await writeRows({ path: join(folder, 'rows.jsonl'), count: ROWS }) })

let made = 0
const newPath = (): string => join(folder, `run-${made++}`)

let server: ScriptedServer
afterEach(() => server.close())

/** A judge that lets even numbers pass and knows the right answer to its check; it fails where `failing` says so. */
async function startJudge({
  failing = () => null,
}: { failing?: (index: number) => ScriptedStep | null } = {}) {
  server = await startScriptedServer({
    handler: ({ text }, index) => {
      const given = /<given>\\n[^\d]*(\d+)/.exec(text)?.[1]
      return failing(index) ?? { body: completionBody({ text: Number(given) % 2 === 0 ? '1' : '0' }) }
    },
  })
}

const judgeWith = (parameters: Partial<ModelJudgeParameters> = {}) =>
  createJudge({
    client: createChatClient({ baseUrl: server.baseUrl, apiKey: null, model: 'wise', maxRetries: 0 }),
    ...parameters,
  })

const newCache = (): ReplyCache =>
  createReplyCache({
    directory: newPath(),
    onWarning: (message) => {
      throw new Error(message)
    },
  })

/** Every answer needs the judge. */
const turnsFor = ({ number }: { number: number }): Turn[] => ['ok', { answer: `perhaps ${number}` }]

function parameters(changes: Partial<RunEvaluationParameters>): RunEvaluationParameters {
  return {
    suite,
    policy: fakePolicy({ turnsFor }),
    sandbox: fakeSandbox(),
    agent: AGENT,
    scoring: { profile: 'strict', judge: null },
    run: { path: newPath(), mode: 'create' },
    retries: { count: 0, delayMs: 1 },
    concurrency: 1,
    ...changes,
  }
}

const scoring = (judge: ReturnType<typeof judgeWith>) => ({ profile: 'strict' as const, judge })

async function samplesOf(path: string): Promise<Sample[]> {
  const samples: Sample[] = []
  for await (const sample of (await openRun({ path, mode: 'read' })).samples()) samples.push(sample)
  return samples
}

const fileOf = (path: string, name: string): Promise<string> => readFile(join(path, name), 'utf8')

test('usage and reading are in the result, in timings.json and with each verdict, and not in the summary', async () => {
  await startJudge()
  const price = { input: 100_000, output: 0, currency: 'EUR' }
  const { path, summary, judgeUsage } = await runEvaluation(
    parameters({ scoring: scoring(judgeWith({ price, reading: 'codevision' })) }),
  )
  expect(summary).toMatchObject({
    judge: 'wise',
    judgeReading: 'codevision',
    overall: { n: ROWS, correct: 4 },
  })
  // One token count more than verdicts: the check before the start.
  expect(judgeUsage).toEqual({
    model: 'wise',
    reading: 'codevision',
    calls: ROWS,
    cached: 0,
    promptTokens: 10 * (ROWS + 1),
    completionTokens: 5 * (ROWS + 1),
    cost: { amount: ROWS + 1, currency: 'EUR' },
    waitedMs: expect.any(Number),
  })
  expect(JSON.parse(await fileOf(path, 'timings.json'))).toMatchObject({ judge: judgeUsage })
  expect(await fileOf(path, 'summary.json')).not.toMatch(/tokens|cost|EUR/i)
  const [sample] = await samplesOf(path)
  expect(sample?.scores.strict?.judge).toMatchObject({ model: 'wise', reading: 'codevision' })
})

describe('a cap that is reached', () => {
  test('ends the run, keeps what is finished, calls nothing wrong, and a resumed run rolls nothing out twice', async () => {
    await startJudge()
    const rolled = jest.fn(turnsFor)
    const policy = fakePolicy({ turnsFor: rolled })
    const first = await runEvaluation(parameters({ policy, scoring: scoring(judgeWith({ maxCalls: 3 })) }))
    expect(first).toMatchObject({
      status: 'incomplete',
      stoppedBy: expect.stringContaining('judge.maxCalls'),
      summary: { overall: { n: 3, excluded: 1, outcomes: { 'judge-error': 1 } } },
      failures: [{ ending: 'judge-error', count: 1, reason: expect.stringContaining('judge.maxCalls') }],
    })
    const undecided = (await samplesOf(first.path)).find(({ outcome }) => outcome === 'judge-error')
    expect(undecided).toMatchObject({ scores: {}, trajectory: { stop: 'answer' } })

    const second = await runEvaluation(
      parameters({
        policy,
        scoring: scoring(judgeWith({ maxCalls: ROWS })),
        run: { path: first.path, mode: 'resume' },
      }),
    )
    expect(second).toMatchObject({ status: 'complete', stoppedBy: null, judgeUsage: { calls: ROWS } })
    expect(rolled).toHaveBeenCalledTimes(2 * ROWS)
    const alone = await runEvaluation(parameters({ scoring: scoring(judgeWith()) }))
    expect(await fileOf(first.path, 'summary.json')).toBe(await fileOf(alone.path, 'summary.json'))
  })

  test('is the whole run’s: a resumed run with the same cap asks for no further verdict', async () => {
    await startJudge()
    const terms = { price: { input: 100_000, output: 0, currency: 'USD' }, maxCost: 4 }
    const first = await runEvaluation(parameters({ scoring: scoring(judgeWith(terms)) }))
    // The check cost 1, the verdicts 3.
    expect(first).toMatchObject({ status: 'incomplete', summary: { overall: { n: 3 } } })
    const run = { path: first.path, mode: 'resume' } as const
    const again = await runEvaluation(parameters({ run, scoring: scoring(judgeWith(terms)) }))
    expect(again).toMatchObject({
      status: 'incomplete',
      stoppedBy: expect.stringContaining('judge.maxCost'),
      judgeUsage: { calls: 3 },
      summary: { overall: { n: 3 } },
    })
  })

  test('does not end the work of samples that run beside', async () => {
    await startJudge()
    const policy = fakePolicy({ turnsFor, delayMs: 5 })
    const { path, summary, stoppedBy } = await runEvaluation(
      parameters({ policy, concurrency: 4, scoring: scoring(judgeWith({ maxCalls: 2 })) }),
    )
    expect(stoppedBy).not.toBeNull()
    expect(summary.overall).toMatchObject({ n: 2, correct: 1, outcomes: { wrong: 1 } })
    for (const { trajectory } of await samplesOf(path)) expect(trajectory).not.toBeNull()
  })

  test('ends rescoring with what is decided, and the cache lets the next one go on', async () => {
    await startJudge()
    const { path } = await runEvaluation(parameters({}))
    const cache = newCache()
    const first = await rescore({ path, concurrency: 1, scoring: scoring(judgeWith({ cache, maxCalls: 3 })) })
    expect(first).toMatchObject({
      stoppedBy: expect.stringContaining('judge.maxCalls'),
      judgeUsage: { calls: 3 },
      summary: { isComplete: false, overall: { n: 3 } },
    })
    expect(first.summary.overall.correct + first.summary.overall.outcomes.wrong).toBe(3)
    const second = await rescore({ path, scoring: scoring(judgeWith({ cache, maxCalls: ROWS - 3 })) })
    expect(second).toMatchObject({
      stoppedBy: null,
      judgeUsage: { calls: ROWS - 3, cached: 3 },
      summary: { isComplete: true, overall: { n: ROWS } },
    })
    expect(JSON.parse(await fileOf(path, 'timings.strict.json'))).toEqual({ judge: second.judgeUsage })
  })
})

test('a failure of the judge is not repeated beyond its client, and leaves the rollout to be judged later', async () => {
  await startJudge({ failing: (index) => (index === 2 ? { status: 503 } : null) })
  const rolled = jest.fn(turnsFor)
  const policy = fakePolicy({ turnsFor: rolled })
  const judge = judgeWith()
  const retries = { count: 2, delayMs: 1 }
  const first = await runEvaluation(parameters({ policy, retries, scoring: scoring(judge) }))
  expect(first).toMatchObject({ status: 'incomplete', stoppedBy: null, failures: [{ count: 1 }] })
  expect(server.requests).toHaveLength(ROWS + 1)
  expect(first.summary.overall).toMatchObject({ n: ROWS - 1, outcomes: { 'judge-error': 1 } })
  const run = { path: first.path, mode: 'resume' } as const
  const second = await runEvaluation(parameters({ policy, run, scoring: scoring(judgeWith()) }))
  expect(second.status).toBe('complete')
  expect(rolled).toHaveBeenCalledTimes(2 * ROWS)
})

test('two epochs of the same answer are one call where there is a cache', async () => {
  await startJudge()
  const judge = judgeWith({ cache: newCache() })
  const { judgeUsage } = await runEvaluation(parameters({ epochs: 2, scoring: scoring(judge) }))
  expect(judgeUsage).toMatchObject({ calls: ROWS, cached: ROWS })
})

test('a judge that is not fit leaves no run behind', async () => {
  await startJudge({ failing: () => ({ body: completionBody({ text: 'Maybe.' }) }) })
  const run = { path: newPath(), mode: 'create' } as const
  const failed = runEvaluation(parameters({ run, scoring: scoring(judgeWith()) }))
  await expect(failed).rejects.toThrow(JudgeError)
  await expect(fileOf(run.path, 'manifest.json')).rejects.toThrow('ENOENT')
})
