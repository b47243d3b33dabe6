import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSuite } from '../../data/load-suite.js'
import { createChatClient } from '../../llm/chat-client.js'
import { createReplyCache, type ReplyCache } from '../../llm/reply-cache.js'
import { completionBody } from '../../llm/testing/completion-body.js'
import { startScriptedServer, type ScriptedServer } from '../../llm/testing/scripted-server.js'
import { createOpenAiPolicy, type OpenAiPolicyParameters } from '../../policies/openai.js'
import { runEvaluation, type RunEvaluationParameters } from './run-evaluation.js'
import { AGENT, fakeSandbox } from '../testing/fakes.js'
import { writeRows } from '../testing/rows.js'

const ROWS = 6
const folder = await mkdtemp(join(tmpdir(), 'codevision-policy-caps-'))
afterAll(() => rm(folder, { recursive: true }))
const suite = await loadSuite({ suite: await writeRows({ path: join(folder, 'rows.jsonl'), count: ROWS }) })

let made = 0
const newPath = (): string => join(folder, `run-${made++}`)

let server: ScriptedServer
afterEach(() => server.close())

const CALL = JSON.stringify({
  name: 'code_image_tool',
  arguments: { code: 'ok', description: '', image_index: 0 },
})

/** Two turns a sample: a call, and the number of the question as the answer. */
async function startModel({
  failing = () => false,
  status = 500,
}: { failing?: (index: number) => boolean; status?: number } = {}) {
  server = await startScriptedServer({
    handler: ({ json, text }, index) => {
      if (failing(index)) return { status }
      const { messages } = json as { messages: { role: string }[] }
      const isFirst = !messages.some(({ role }) => role === 'assistant')
      const number = /Which number is (\d+)/.exec(text)?.[1]
      return {
        body: completionBody({
          text: isFirst ? `<tool_call>${CALL}</tool_call>` : `<answer>${number}</answer>`,
        }),
      }
    },
  })
}

const policyWith = (parameters: Partial<OpenAiPolicyParameters> = {}) =>
  createOpenAiPolicy({
    client: createChatClient({ baseUrl: server.baseUrl, apiKey: null, model: 'm', maxRetries: 0 }),
    ...parameters,
  })

const newCache = (): ReplyCache =>
  createReplyCache({
    directory: newPath(),
    onWarning: (message) => {
      throw new Error(message)
    },
  })

const evaluate = (changes: Partial<RunEvaluationParameters>) =>
  runEvaluation({
    suite,
    policy: policyWith(),
    sandbox: fakeSandbox(),
    agent: AGENT,
    scoring: { profile: 'strict', judge: null },
    run: { path: newPath(), mode: 'create' },
    retries: { count: 0, delayMs: 1 },
    concurrency: 1,
    ...changes,
  })

const fileOf = (path: string, name: string): Promise<string> => readFile(join(path, name), 'utf8')

test('calls, tokens and cost of the policy are in the result and in timings.json, and not in the summary', async () => {
  await startModel()
  const price = { input: 100_000, output: 0, currency: 'EUR' }
  const { path, policyUsage } = await evaluate({ policy: policyWith({ price }) })
  // The check before the start costs tokens, but is no turn.
  expect(policyUsage).toEqual({
    model: 'm',
    calls: 2 * ROWS,
    cached: 0,
    promptTokens: 10 * (2 * ROWS + 1),
    completionTokens: 5 * (2 * ROWS + 1),
    cost: { amount: 2 * ROWS + 1, currency: 'EUR' },
    waitedMs: expect.any(Number),
  })
  expect(JSON.parse(await fileOf(path, 'timings.json'))).toMatchObject({ policy: policyUsage })
  expect(await fileOf(path, 'summary.json')).not.toMatch(/tokens|cost|EUR/i)
})

test('a cap stops the run in the middle of a sample, which is not recorded; with a higher one it ends like any other', async () => {
  await startModel()
  const whole = await evaluate({})
  const stopped = await evaluate({ policy: policyWith({ maxCalls: 5 }) })
  expect(stopped).toMatchObject({
    status: 'incomplete',
    stoppedBy: expect.stringContaining('policy.maxCalls'),
    summary: { overall: { n: 2, excluded: 0 } },
    policyUsage: { calls: 5 },
  })
  const same = await evaluate({
    policy: policyWith({ maxCalls: 5 }),
    run: { path: stopped.path, mode: 'resume' },
  })
  expect(same).toMatchObject({ summary: { overall: { n: 2 } }, policyUsage: { calls: 5 } })
  const resumed = await evaluate({
    policy: policyWith({ maxCalls: 50 }),
    run: { path: stopped.path, mode: 'resume' },
  })
  expect(resumed).toMatchObject({ status: 'complete', policyUsage: { calls: 5 + 8 } })
  expect(await fileOf(stopped.path, 'summary.json')).toBe(await fileOf(whole.path, 'summary.json'))
})

test('a server that is gone for a while uses up nothing of a cap: the resumed run still has all of it', async () => {
  // Request 0 is the check; then nothing is answered until every sample has failed.
  await startModel({ failing: (index) => index >= 1 && index <= ROWS })
  const cap = { maxCalls: 2 * ROWS }
  const failed = await evaluate({ policy: policyWith(cap) })
  expect(failed).toMatchObject({
    ...{ status: 'incomplete', stoppedBy: null, policyUsage: { calls: 0 } },
    summary: { overall: { n: 0, excluded: ROWS } },
  })
  const resumed = await evaluate({ policy: policyWith(cap), run: { path: failed.path, mode: 'resume' } })
  expect(resumed).toMatchObject({ status: 'complete', policyUsage: { calls: 2 * ROWS } })
})

describe('a server that fails samples in a row', () => {
  test('ends the run after so many, keeps what is finished, and a resumed run ends like any other', async () => {
    await startModel()
    const whole = await evaluate({})
    await server.close()
    // The check, two turns of the first sample; then nothing any more.
    await startModel({ failing: (index) => index > 2 })
    const stopped = await evaluate({ stopAfterFailures: 2 })
    expect(stopped).toMatchObject({
      status: 'incomplete',
      stoppedBy: expect.stringMatching(/^The model's server failed 2 samples in a row .* answered 500/),
      stopKind: 'server',
      summary: { overall: { n: 1, excluded: 2 } },
    })
    expect(server.requests).toHaveLength(3 + 2)
    await server.close()
    await startModel()
    const resumed = await evaluate({ run: { path: stopped.path, mode: 'resume' }, stopAfterFailures: 2 })
    expect(resumed).toMatchObject({ status: 'complete', stoppedBy: null, stopKind: null })
    expect(await fileOf(stopped.path, 'summary.json')).toBe(await fileOf(whole.path, 'summary.json'))
  })

  test('does not end it where one between them was answered', async () => {
    // Samples begin at the requests 1, 2, 4, 5, 7 and 8; every other one fails at once.
    await startModel({ failing: (index) => index % 3 === 1 })
    const { stoppedBy, summary } = await evaluate({ stopAfterFailures: 2 })
    expect(stoppedBy).toBeNull()
    expect(summary.overall).toMatchObject({ n: ROWS / 2, excluded: ROWS / 2 })
  })

  test('does not end it where it refuses what it is sent, as an image or a long conversation', async () => {
    await startModel({ failing: (index) => index > 0, status: 400 })
    const { stoppedBy, summary } = await evaluate({ stopAfterFailures: 2 })
    expect(stoppedBy).toBeNull()
    expect(summary.overall).toMatchObject({ n: 0, outcomes: { 'model-error': ROWS } })
  })
})

test('a second run takes every turn from the cache; another epoch, model or sampling does not', async () => {
  await startModel()
  const cache = newCache()
  const first = await evaluate({ policy: policyWith({ cache }) })
  expect(first.policyUsage).toMatchObject({ calls: 2 * ROWS, cached: 0 })
  const again = await evaluate({ policy: policyWith({ cache }) })
  expect(again.policyUsage).toMatchObject({ calls: 0, cached: 2 * ROWS })
  expect(await fileOf(again.path, 'summary.json')).toBe(await fileOf(first.path, 'summary.json'))
  const epochs = await evaluate({ policy: policyWith({ cache }), epochs: 2 })
  expect(epochs.policyUsage).toMatchObject({ calls: 2 * ROWS, cached: 2 * ROWS })
  const warmer = await evaluate({ policy: policyWith({ cache, sampling: { temperature: 0.5 } }) })
  expect(warmer.policyUsage).toMatchObject({ calls: 2 * ROWS, cached: 0 })
})

test('what a cap cut off is not paid for twice where there is a cache', async () => {
  await startModel()
  const cache = newCache()
  const stopped = await evaluate({ policy: policyWith({ cache, maxCalls: 5 }) })
  const resumed = await evaluate({
    policy: policyWith({ cache, maxCalls: 50 }),
    run: { path: stopped.path, mode: 'resume' },
  })
  expect(resumed).toMatchObject({ status: 'complete', policyUsage: { calls: 2 * ROWS, cached: 1 } })
})

test('an error is never kept: the sample that failed is asked for again', async () => {
  // The check is request 0, the first turn of the first sample request 1.
  await startModel({ failing: (index) => index === 1 })
  const cache = newCache()
  const failed = await evaluate({ policy: policyWith({ cache }) })
  expect(failed.summary.overall).toMatchObject({ n: ROWS - 1, outcomes: { 'model-error': 1 } })
  const resumed = await evaluate({
    policy: policyWith({ cache }),
    run: { path: failed.path, mode: 'resume' },
  })
  expect(resumed).toMatchObject({ status: 'complete', summary: { overall: { correct: ROWS } } })
})
