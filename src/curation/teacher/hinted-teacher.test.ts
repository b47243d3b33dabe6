import { describe, expect, test } from '@jest/globals'
import { createFakePolicy } from '../../agent/testing/fake-policy.js'
import { UsageError } from '../../core/errors.js'
import { textOf, type Message } from '../../core/message.js'
import type { PolicyRequest } from '../../core/policy.js'
import { createHintedTeacher } from './hinted-teacher.js'
import { drawPlan } from './testing/draw-plan.js'

const text = (role: Message['role'], content: string): Message => ({
  role,
  content: [{ type: 'text', text: content }],
})
const requestOf = (key: string, messages: Message[]): PolicyRequest => ({
  messages,
  tools: [],
  sample: { key, epoch: 0 },
  turn: 0,
  signal: new AbortController().signal,
})
const { plan } = drawPlan({
  seed: 'hinted',
  type: 'error-handling',
  provocation: 'wrong-tool',
  transform: 'rotate_90',
})

async function noteOf({
  messages = [text('system', 'You look.'), text('user', plan.question)],
  rejected = null,
}: { messages?: Message[]; rejected?: string | null } = {}) {
  const policy = createFakePolicy(['<think>t</think><answer>a</answer>'])
  const teacher = createHintedTeacher({ policy, planOf: () => plan, rejectedBecause: () => rejected })
  const reply = await teacher.next(requestOf(plan.taskKey, messages))
  const [asked] = policy.requests
  return { asked, reply, first: textOf(asked?.messages[0] ?? text('system', '')) }
}

describe('the note', () => {
  test('tells question, answer, what was applied, each call with its boxes, and what goes wrong first', async () => {
    const { first } = await noteOf()
    expect(first).toMatch(/^You look\.\n\nPRIVATE NOTE/)
    expect(first).toContain(`Question: ${plan.question}\nAnswer: ${plan.answer}`)
    expect(first).toContain('image 0, 224 × 308 pixels: rotate_90 was applied')
    for (const [at, step] of plan.steps.entries()) {
      expect(first).toContain(`\n${at + 1}. On `)
      for (const operation of step.operations)
        if (operation.op === 'crop') expect(first).toContain(`crop the box (${operation.box.join(', ')})`)
    }
    expect(first).toContain('rotate by 90 degrees clockwise')
    expect(first).toMatch(/make it go wrong (once|twice in a row).*does the wrong thing/)
    expect(first).toContain('Never mention this note')
  })

  test('says why the last attempt was rejected, and only then', async () => {
    expect((await noteOf({ rejected: 'the crop missed the target.' })).first).toContain(
      'rejected: the crop missed the target. Write it again',
    )
    expect((await noteOf()).first).not.toContain('rejected')
  })

  test('is part of the request alone: the conversation that was given stays as it was', async () => {
    const messages = [text('system', 'You look.'), text('user', plan.question)]
    const before = structuredClone(messages)
    const { asked, reply } = await noteOf({ messages })
    expect(messages).toEqual(before)
    expect(asked?.messages.slice(1)).toEqual(before.slice(1))
    expect(reply.text).toBe('<think>t</think><answer>a</answer>')
  })

  test('stands in a system message of its own where there is none', async () => {
    const { asked } = await noteOf({ messages: [text('user', plan.question)] })
    expect(asked?.messages.map(({ role }) => role)).toEqual(['system', 'user'])
  })
})

test('a hinted teacher is the policy that it asks, with its account, its check and its end', async () => {
  const log: string[] = []
  const policy = {
    ...createFakePolicy([]),
    check: () => Promise.resolve(void log.push('check')),
    close: () => Promise.resolve(void log.push('close')),
  }
  const teacher = createHintedTeacher({ policy, planOf: () => undefined })
  expect([teacher.name, teacher.model]).toEqual(['fake', 'script'])
  await teacher.check?.()
  await teacher.close?.()
  expect(log).toEqual(['check', 'close'])
  await expect(teacher.next(requestOf('unknown', []))).rejects.toThrow(UsageError)
  expect(policy.requests).toEqual([])
})
