import { describe, expect, test } from '@jest/globals'
import { ModelError } from '../core/errors.js'
import type { ImageRecord } from '../core/image.js'
import type { Message } from '../core/message.js'
import type { PolicyRequest } from '../core/policy.js'
import type { Sample } from '../core/sample.js'
import { createReplayPolicy } from './replay.js'

const message = (role: Message['role'], text: string): Message<ImageRecord> => ({
  role,
  content: [{ type: 'text', text }],
})

const SAMPLE: Sample = {
  key: 'abc#1',
  taskId: '7',
  epoch: 1,
  suite: 's',
  transform: 'none',
  question: 'q',
  answers: ['a'],
  requiredTools: null,
  box: null,
  outcome: 'truncated',
  trajectory: {
    messages: [
      message('system', 's'),
      message('user', 'q'),
      { ...message('assistant', 'first'), toolCalls: [{ id: 'c', name: 'f', arguments: '{}' }] },
      message('tool', 'done'),
      message('assistant', 'second'),
    ],
    images: [],
    calls: [],
    turns: 2,
    malformedCalls: 0,
    stop: 'truncated',
    usage: { promptTokens: 5, completionTokens: 5 },
  },
  scores: {},
  reward: null,
  error: null,
  timings: { totalMs: 0, modelMs: 0, sandboxMs: 0, judgeMs: 0 },
  attempts: 1,
}

const policyOf = (sample: Sample) =>
  createReplayPolicy({ run: 'runs/old', lookup: (key) => (key === sample.key ? sample : undefined) })

const ask = ({ key = 'abc', epoch = 1, turn = 0 } = {}): PolicyRequest => ({
  messages: [],
  tools: [],
  sample: { key, epoch },
  turn,
  signal: new AbortController().signal,
})

describe('createReplayPolicy', () => {
  test('a recorded conversation that was full is full again after its last turn', async () => {
    if (SAMPLE.trajectory === null) throw new Error('expected a trajectory')
    const full: Sample = { ...SAMPLE, trajectory: { ...SAMPLE.trajectory, stop: 'token-limit' } }
    await expect(policyOf(full).next(ask({ turn: 2 }))).rejects.toMatchObject({ isContextFull: true })
    await expect(policyOf(SAMPLE).next(ask({ turn: 2 }))).rejects.toMatchObject({ isContextFull: false })
  })

  test('plays the recorded turns in order, native calls and the cut at the end included', async () => {
    const policy = policyOf(SAMPLE)
    expect(await policy.next(ask())).toEqual({
      text: 'first',
      toolCalls: [{ id: 'c', name: 'f', arguments: '{}' }],
      finishReason: 'stop',
      usage: { promptTokens: 0, completionTokens: 0 },
    })
    expect(await policy.next(ask({ turn: 1 }))).toMatchObject({ text: 'second', finishReason: 'length' })
  })

  test.each([
    ['another epoch', SAMPLE, ask({ epoch: 2 }), 'has no sample abc#2'],
    ['another task', SAMPLE, ask({ key: 'x' }), 'has no sample x#1'],
    ['a turn past the end', SAMPLE, ask({ turn: 2 }), 'took 2 turns for sample abc#1; turn 3 was asked for'],
    [
      'a sample that failed',
      { ...SAMPLE, outcome: 'sandbox-error' as const, trajectory: null },
      ask(),
      'it ended as sandbox-error',
    ],
  ])('%s is an error that names the run and is not tried again', async (_, sample, request, said) => {
    const call = policyOf(sample).next(request)
    await expect(call).rejects.toThrow(ModelError)
    await expect(call).rejects.toThrow('runs/old')
    await expect(call).rejects.toThrow(said)
    await expect(call).rejects.toMatchObject({ isRetryable: false })
  })
})
