import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JudgeCapError, JudgeError } from '../core/errors.js'
import { createChatClient } from '../llm/chat-client.js'
import { createReplyCache, type ReplyCache } from '../llm/reply-cache.js'
import { JUDGE_SETTINGS } from '../llm/setting-names.js'
import { completionBody } from '../llm/testing/completion-body.js'
import { createFakeClock } from '../llm/testing/fake-clock.js'
import {
  startScriptedServer,
  type ScriptedServer,
  type ScriptedStep,
} from '../llm/testing/scripted-server.js'
import { createJudge, type ModelJudgeParameters } from './judge.js'

let server: ScriptedServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

async function judgeOf(
  script: ScriptedStep[],
  { apiKey = null, ...parameters }: Partial<ModelJudgeParameters> & { apiKey?: string | null } = {},
) {
  const started = await startScriptedServer({ script })
  server = started
  const client = createChatClient({
    baseUrl: started.baseUrl,
    apiKey,
    model: 'judge-1',
    names: JUDGE_SETTINGS,
    clock: createFakeClock(),
  })
  return { judge: createJudge({ client, ...parameters }), client, server: started }
}

const says = (text: string): ScriptedStep => ({ body: completionBody({ text }) })
const request = {
  question: 'Which colour?',
  answers: ['red', 'crimson'],
  answer: 'scarlet',
  taskType: null,
  signal: new AbortController().signal,
}

describe('createJudge', () => {
  test('asks greedily with question, accepted answers and answer, and keeps prompt and response', async () => {
    const { judge, server } = await judgeOf([says('1')])
    const verdict = await judge.judge(request)
    expect(verdict).toMatchObject({ correct: true, response: '1' })
    for (const part of ['Which colour?', 'red', 'crimson', 'scarlet']) expect(verdict.prompt).toContain(part)
    expect(server.requests[0]?.json).toMatchObject({
      model: 'judge-1',
      temperature: 0,
      messages: [{ role: 'user', content: verdict.prompt }],
    })
  })

  test.each([
    ['exact', '0', false],
    ['exact', '0/1', null],
    ['exact', 'I think it is right.', null],
    ['exact', '<think>Is it 0 or 1? I say 1.</think>\n1', true],
    ['exact', '', null],
    ['codevision', '0/1', true],
    ['codevision', 'Verdict: 0', false],
  ] as const)('reading %s takes %p for %p', async (reading, text, correct) => {
    const { judge } = await judgeOf([says(text)], { reading })
    expect(await judge.judge(request)).toMatchObject({ correct, response: text })
  })

  test('reasoning that the server reports apart is not part of the verdict', async () => {
    const body = { choices: [{ message: { content: '0', reasoning_content: 'perhaps 1' } }] }
    const { judge } = await judgeOf([{ body }])
    expect((await judge.judge(request)).correct).toBe(false)
  })

  test('tries again what may pass, and counts calls, tokens and cost', async () => {
    const price = { input: 100_000, output: 1_000_000, currency: 'EUR' }
    const { judge } = await judgeOf([{ status: 503 }, says('1')], { price })
    await judge.judge(request)
    const { tally } = judge.account
    expect(tally).toEqual({ calls: 1, cached: 0, promptTokens: 10, completionTokens: 5 })
    // 10 × 0.1 + 5 × 1
    expect(judge.account.costOf(tally)).toEqual({ amount: 6, currency: 'EUR' })
  })

  test('a reply that cannot be read costs all the same', async () => {
    const { judge } = await judgeOf([says('perhaps')])
    await judge.judge(request)
    expect(judge.account.tally).toMatchObject({ calls: 1, promptTokens: 10 })
  })

  test('a server that fails is a JudgeError that names the judge’s own settings', async () => {
    const { judge } = await judgeOf([{ status: 401 }])
    const call = judge.judge(request)
    await expect(call).rejects.toThrow(JudgeError)
    await expect(call).rejects.toThrow('JUDGE_API_KEY')
    await expect(call).rejects.toMatchObject({ status: 401, isRetryable: false, attempts: 1 })
  })

  test('a key that the server repeats is in no verdict', async () => {
    const { judge } = await judgeOf([says('Key my-judge-key: 1')], {
      apiKey: 'my-judge-key',
      reading: 'codevision',
    })
    expect(await judge.judge(request)).toMatchObject({ correct: true, response: 'Key [secret]: 1' })
  })

  test('stops asking at the cap', async () => {
    const { judge, server } = await judgeOf([says('1'), says('1'), says('1')], { maxCalls: 2 })
    await judge.judge(request)
    await judge.judge(request)
    const call = judge.judge(request)
    await expect(call).rejects.toThrow(JudgeCapError)
    await expect(call).rejects.toThrow('judge.maxCalls')
    await expect(call).rejects.toMatchObject({ isRetryable: false })
    expect(server.requests).toHaveLength(2)
  })

  test('stops asking when it has cost as much as it may', async () => {
    const terms = { price: { input: 100_000, output: 0, currency: 'USD' }, maxCost: 2 }
    const { judge, server } = await judgeOf([says('1'), says('1'), says('1')], terms)
    await judge.judge(request)
    await judge.judge(request)
    await expect(judge.judge(request)).rejects.toThrow(
      'The judge cost 2 USD; judge.maxCost (--judge-max-cost) allows 2.',
    )
    expect(server.requests).toHaveLength(2)
  })

  test('what earlier sessions used counts towards the caps', async () => {
    const { judge, server } = await judgeOf([says('1')], { maxCalls: 2 })
    judge.account.carry({ calls: 2, cached: 1, promptTokens: 7, completionTokens: 1 })
    await expect(judge.judge(request)).rejects.toThrow(JudgeCapError)
    expect(server.requests).toHaveLength(0)
  })

  test('a server that does not tell its tokens is no server for a cap on cost', async () => {
    const body = { choices: [{ message: { content: '1' } }] }
    const price = { input: 1, output: 1, currency: 'USD' }
    const { judge } = await judgeOf([{ body }, { body }], { price, maxCost: 1 })
    await expect(judge.check()).rejects.toThrow(/does not tell how many tokens/)
  })

  test('an abort is an AbortError, not a failure of the judge', async () => {
    const { judge, server } = await judgeOf([{ endless: 'silence' }])
    const controller = new AbortController()
    const call = judge.judge({ ...request, signal: controller.signal })
    await server.arrived(1)
    controller.abort()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('check fails when the judge does not answer', async () => {
    const { judge } = await judgeOf([{ status: 404, body: 'no' }, { status: 404 }])
    await expect(judge.check()).rejects.toThrow(JudgeError)
  })

  test.each([
    ['exact', 'OK.'],
    ['exact', '0'],
    ['codevision', 'It depends.'],
  ] as const)(
    'under reading %s, check fails for a judge that says %j of a right answer',
    async (reading, text) => {
      const { judge } = await judgeOf([says(text)], { reading })
      await expect(judge.check()).rejects.toThrow(/judge-1 is not fit.*replied 1.*Name another judge/)
    },
  )

  test('check passes for a judge that knows a right answer, and is no verdict', async () => {
    const { judge, server } = await judgeOf([says('1')])
    await judge.check()
    expect(judge.account.tally).toEqual({ calls: 0, cached: 0, promptTokens: 10, completionTokens: 5 })
    expect(server.requests[0]?.text).toContain('accepted')
  })

  describe('with a cache', () => {
    const folders: string[] = []
    afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))
    async function newCache(): Promise<ReplyCache> {
      const directory = await mkdtemp(join(tmpdir(), 'codevision-judge-'))
      folders.push(directory)
      return createReplyCache({
        directory,
        onWarning: (message) => {
          throw new Error(message)
        },
      })
    }

    test('a verdict is asked for once, and a kept one is past no cap', async () => {
      const { judge, server } = await judgeOf([says('1'), says('0')], {
        cache: await newCache(),
        maxCalls: 2,
      })
      const first = await judge.judge(request)
      expect(await judge.judge(request)).toEqual(first)
      expect((await judge.judge({ ...request, answer: 'blue' })).correct).toBe(false)
      expect((await judge.judge(request)).correct).toBe(true)
      expect(server.requests).toHaveLength(2)
      expect(judge.account.tally).toMatchObject({ calls: 2, cached: 2, promptTokens: 20 })
    })

    test('the same question at the same time is asked once', async () => {
      const { judge, server } = await judgeOf([says('1')], { cache: await newCache() })
      const verdicts = await Promise.all([1, 2, 3].map(() => judge.judge(request)))
      expect(verdicts.map(({ correct }) => correct)).toEqual([true, true, true])
      expect(server.requests).toHaveLength(1)
      expect(judge.account.tally).toMatchObject({ calls: 1, cached: 2 })
    })

    test('replies are shared by both readings, but one that a reading cannot read is asked for again', async () => {
      const cache = await newCache()
      const { judge, client, server } = await judgeOf([says('Verdict: 1'), says('0')], {
        cache,
        reading: 'codevision',
      })
      await judge.judge(request)
      const exact = createJudge({ client, cache, reading: 'exact' })
      expect(await exact.judge(request)).toMatchObject({ correct: false, response: '0' })
      expect(await judge.judge(request)).toMatchObject({ correct: false, response: '0' })
      expect(server.requests).toHaveLength(2)
    })

    test('failures and replies that cannot be read are not kept', async () => {
      const { judge } = await judgeOf([{ status: 400 }, says('hm'), says('1')], { cache: await newCache() })
      await expect(judge.judge(request)).rejects.toThrow(JudgeError)
      expect((await judge.judge(request)).correct).toBeNull()
      expect((await judge.judge(request)).correct).toBe(true)
    })
  })
})
