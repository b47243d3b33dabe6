import { afterEach, describe, expect, test } from '@jest/globals'
import { JudgeError } from '../core/errors.js'
import { createChatClient } from '../llm/chat-client.js'
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

async function judgeOf(script: ScriptedStep[], parameters: Partial<ModelJudgeParameters> = {}) {
  const started = await startScriptedServer({ script })
  server = started
  const client = createChatClient({
    baseUrl: started.baseUrl,
    apiKey: null,
    model: 'judge-1',
    names: JUDGE_SETTINGS,
    clock: createFakeClock(),
  })
  return { judge: createJudge({ client, ...parameters }), server: started }
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

  test('tries again what may pass, and counts calls, retries and tokens', async () => {
    const { judge } = await judgeOf([{ status: 503 }, says('1')])
    await judge.judge(request)
    expect(judge.totals).toEqual({ calls: 1, retries: 1, promptTokens: 10, completionTokens: 5 })
  })

  test('a server that fails is a JudgeError that names the judge’s own settings', async () => {
    const { judge } = await judgeOf([{ status: 401 }])
    const call = judge.judge(request)
    await expect(call).rejects.toThrow(JudgeError)
    await expect(call).rejects.toThrow('JUDGE_API_KEY')
    await expect(call).rejects.toMatchObject({ status: 401, isRetryable: false, attempts: 1 })
  })

  test('stops asking at the cap', async () => {
    const { judge, server } = await judgeOf([says('1'), says('1'), says('1')], { maxCalls: 2 })
    await judge.judge(request)
    await judge.judge(request)
    const call = judge.judge(request)
    await expect(call).rejects.toThrow(JudgeError)
    await expect(call).rejects.toThrow('judge.maxCalls')
    await expect(call).rejects.toMatchObject({ isRetryable: false })
    expect(server.requests).toHaveLength(2)
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
})
