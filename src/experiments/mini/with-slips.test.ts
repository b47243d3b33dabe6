import { expect, test } from '@jest/globals'
import { readTurnRobust } from '../../agent/robust.js'
import { TOOL_NAME } from '../../agent/tool-description.js'
import type { CodeCall } from '../../core/code-call.js'
import type { Policy, PolicyReply } from '../../core/policy.js'
import { answerTurn, callTurn } from './phrases.js'
import { withSlips } from './with-slips.js'

const CROP = 'result = image.crop((0, 0, 64, 64))'

function policyOf(text: string): Policy {
  const usage = { promptTokens: 1, completionTokens: 2 }
  return {
    ...{ name: 'tfjs', model: 'rl' },
    next: async () => ({ text, toolCalls: [], finishReason: 'stop', usage }),
  }
}

function ask(policy: Policy, { key = 'a', turn = 0 } = {}): Promise<PolicyReply> {
  const { signal } = new AbortController()
  return policy.next({ messages: [], tools: [], sample: { key, epoch: 0 }, turn, signal })
}

function callIn(reply: PolicyReply): CodeCall {
  const reading = readTurnRobust({ turn: reply, tools: [TOOL_NAME] })
  if (reading.type !== 'call') throw new Error(`expected a call, got ${reading.type}`)
  return reading.call
}

const call = { code: CROP, description: 'zoom in', imageIndex: 0 }
const written = callTurn({ thought: 'I zoom in.', call })

test('the first call of a trajectory is spoilt in each of the ways, a task always in the same one; its thought stays', async () => {
  const policy = withSlips(policyOf(written))
  const spoilt = await Promise.all([...'abcdefghijkl'].map(async (key) => callIn(await ask(policy, { key }))))
  expect(new Set(spoilt.map((one) => JSON.stringify(one)))).toEqual(
    new Set(
      [
        { ...call, code: CROP.replace('image', 'picture') },
        { ...call, code: 'result = image.crop(0, 0, 64, 64)' },
        { ...call, imageIndex: 1 },
      ].map((one) =>
        JSON.stringify({ code: one.code, description: one.description, imageIndex: one.imageIndex }),
      ),
    ),
  )
  expect((await ask(policy)).text).toBe((await ask(policy)).text)
  expect((await ask(policy)).text).toMatch(/^<think>I zoom in\.<\/think>\n<tool_call>/)
})

test('code without that name, and later turns and answers, are as the policy wrote them', async () => {
  const rest = callTurn({ thought: 'So.', call: { ...call, code: 'result = images[0]' } })
  expect(callIn(await ask(withSlips(policyOf(rest))))).toEqual({
    ...{ code: 'result = images[0]', description: 'zoom in', imageIndex: 1 },
  })
  expect((await ask(withSlips(policyOf(written)), { turn: 1 })).text).toBe(written)
  const answer = answerTurn({ thought: 'So.', answer: '4' })
  expect((await ask(withSlips(policyOf(answer)))).text).toBe(answer)
})

test('a run of it is told from one of the policy itself', () => {
  expect(withSlips(policyOf(written)).model).toBe('rl, first calls spoilt')
})
