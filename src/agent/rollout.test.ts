import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { ModelError, SandboxError } from '../core/errors.js'
import { textOf } from '../core/message.js'
import { DEFAULT_CHARACTERS, rollout, type RolloutRequest } from './rollout.js'
import type { RolloutEvent } from './rollout-event.js'
import { fakeImage } from './testing/fake-image.js'
import { createFakePolicy, type FakePolicy } from './testing/fake-policy.js'
import { createFakeSandbox, type FakeSandbox } from './testing/fake-sandbox.js'
import { fakeTask } from './testing/fake-task.js'
import { CODE_IMAGE_TOOL } from './tool-description.js'

const call = (code: string, imageIndex = 0) =>
  `<think>t</think><tool_call>{"name": "code_image_tool", "arguments": {"code": ${JSON.stringify(code)}, "image_index": ${imageIndex}}}</tool_call>`
const crop = { image: fakeImage({ width: 12, height: 9, colour: [0, 90, 200] }) }

function start({
  policy,
  sandbox = createFakeSandbox({ outcomes: [crop, crop, crop] }),
  ...rest
}: Partial<RolloutRequest> & { policy: FakePolicy; sandbox?: FakeSandbox }) {
  return rollout({
    task: fakeTask(),
    prompt: 'You look.',
    tools: [CODE_IMAGE_TOOL],
    view: { minPixels: 1, maxPixels: 300 },
    ...rest,
    policy,
    sandbox,
  })
}
/** Knows how long each prompt is; it asks for a call in the first turn, and writes on and on in the next. */
function createCountingPolicy(turns: readonly { prompt: number; call: number; other: number }[]): FakePolicy {
  return createFakePolicy(
    turns.map(
      ({ prompt, call: asking, other }, turn) =>
        async ({ maxTokens = Infinity, maxTotalTokens = Infinity }) => {
          const room = Math.min(maxTokens, maxTotalTokens - prompt)
          if (room < 1) throw new ModelError('too long', { isContextFull: true })
          const wanted = turn === 0 ? asking : other
          return {
            text: turn === 0 ? call('a') : 'on and on',
            toolCalls: [],
            finishReason: wanted > room ? 'length' : 'stop',
            usage: { promptTokens: prompt, completionTokens: Math.min(wanted, room) },
          }
        },
    ),
  )
}
const methods = (sandbox: FakeSandbox) => sandbox.log.map(({ method }) => method)
const lastText = (policy: FakePolicy, turn: number) => {
  const message = policy.requests[turn]?.messages.at(-1)
  return message === undefined ? '' : textOf(message)
}

describe('a rollout that goes well', () => {
  test('shows a view, runs the code on the full image, recovers from an error and keeps everything', async () => {
    const sandbox = createFakeSandbox({
      outcomes: [{ failure: { type: 'NameError', message: "name 'x' is not defined", line: 1 } }, crop],
    })
    const policy = createFakePolicy([call('result = x'), call('result = image'), '<answer>STOP</answer>'])
    const { trajectory, images, timings } = await start({ policy, sandbox, limits: { timeoutMs: 700 } })

    expect(trajectory.stop).toBe('answer')
    expect(trajectory.turns).toBe(3)
    expect(trajectory.usage).toEqual({ promptTokens: 300, completionTokens: 30 })
    expect(trajectory.messages.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'tool',
      'assistant',
      'tool',
      'assistant',
    ])
    expect(trajectory.calls).toMatchObject([
      {
        turn: 0,
        call: { code: 'result = x', imageIndex: 0 },
        execution: { status: 'error', type: 'NameError' },
      },
      { turn: 1, execution: { status: 'ok', imageIndex: 1, image: { width: 12, height: 9, mode: 'RGB' } } },
    ])
    expect(lastText(policy, 1)).toContain('> 1 | result = x')
    expect(lastText(policy, 2)).toBe('Image 1 (12 × 9 pixels) is the result.')
    expect(trajectory.images).toMatchObject([
      { width: 40, height: 30, call: null, view: { width: 20, height: 15 } },
      { width: 12, height: 9, call: 1, view: { width: 12, height: 9 } },
    ])
    expect(methods(sandbox)).toEqual(['open', 'view', 'execute', 'execute', 'view', 'close'])
    expect(sandbox.log[2]).toMatchObject({ timeoutMs: 700 })
    expect(timings.totalMs).toBeGreaterThanOrEqual(timings.modelMs + timings.sandboxMs)

    // A trajectory is plain JSON, and every image that it names is there, under its own hash.
    expect(JSON.parse(JSON.stringify(trajectory))).toEqual(trajectory)
    const named = new Set(trajectory.images.flatMap(({ sha256, view }) => [sha256, view?.sha256 ?? '']))
    expect(new Set(images.keys())).toEqual(named)
    for (const [sha256, read] of images) {
      const file = await read()
      expect(createHash('sha256').update(file).digest('hex')).toBe(sha256)
      expect((await sharp(file).metadata()).format).toBe('png')
    }
  })

  test('the policy gets the images in order, with their indices, and the full sizes', async () => {
    const policy = createFakePolicy([call('a', 1), '<answer>x</answer>'])
    await start({ policy, task: fakeTask({ images: 2 }), epoch: 4, limits: { tokensPerTurn: 50 } })
    const [first, second] = policy.requests
    expect(first).toMatchObject({ turn: 0, sample: { key: 'task-key', epoch: 4 }, maxTokens: 50 })
    expect(
      first?.messages[1]?.content.map((part) => (part.type === 'image' ? part.index : part.text)),
    ).toEqual([0, 1, 'What does the sign say?'])
    expect(first?.messages[0] && textOf(first.messages[0])).toMatch(
      /^You look\.[^]*Image 1: 40 × 30 pixels\.$/,
    )
    // What it was given for the first turn has not grown since.
    expect(first?.messages).toHaveLength(2)
    expect(second?.messages.at(-1)?.content[0]).toMatchObject({
      type: 'image',
      index: 2,
      image: { width: 12 },
    })
  })

  test('events come as they happen', async () => {
    const events: RolloutEvent[] = []
    const policy = createFakePolicy([call('a'), '<tool_call>', 'done'])
    await start({ policy, onEvent: (event) => events.push(event) })
    expect(events.map(({ type }) => type)).toEqual([
      'turn-started',
      'text',
      'call',
      'execution',
      'turn-started',
      'text',
      'malformed-call',
      'turn-started',
      'text',
      'stopped',
    ])
    expect(events.at(-1)).toEqual({ type: 'stopped', stop: 'answer', turns: 3 })
  })

  test('native calls keep their ids, and their results name them', async () => {
    const native = { id: 'c1', name: 'code_image_tool', arguments: '{"code": "a", "image_index": 0}' }
    const policy = createFakePolicy([{ text: 'hm', toolCalls: [native] }, 'done'])
    const { trajectory } = await start({ policy })
    expect(trajectory.messages[2]).toMatchObject({ role: 'assistant', toolCalls: [native] })
    expect(trajectory.messages[3]).toMatchObject({ role: 'tool', toolCallId: 'c1' })
    expect(trajectory.calls).toHaveLength(1)
  })

  test('without tools the first turn is the answer, whatever it holds', async () => {
    const policy = createFakePolicy([call('a')])
    const { trajectory } = await start({ policy, tools: [], prompt: '' })
    expect(trajectory).toMatchObject({ stop: 'answer', turns: 1, calls: [] })
    expect(policy.requests[0]?.messages.map(({ role }) => role)).toEqual(['user'])
  })
})

describe('what a model may do wrong', () => {
  test('a malformed call is told in mode robust, and the model goes on', async () => {
    const policy = createFakePolicy(['<tool_call>{"name": code}</tool_call>', call('a'), 'done'])
    const { trajectory } = await start({ policy })
    expect(lastText(policy, 1)).toMatch(/JSON cannot be read at line 1, column 10/)
    expect(trajectory).toMatchObject({ stop: 'answer', turns: 3, malformedCalls: 1 })
    expect(trajectory.calls).toHaveLength(1)
  })

  test('a malformed call ends the rollout in mode hermes, since it is dropped', async () => {
    const policy = createFakePolicy(['<tool_call>{"name": code}</tool_call>'])
    const { trajectory } = await start({ policy, parsing: 'hermes' })
    expect(trajectory).toMatchObject({ stop: 'answer', turns: 1, malformedCalls: 1, calls: [] })
  })

  test('five calls at once: one is run, and the model is told', async () => {
    const sandbox = createFakeSandbox({ outcomes: [crop] })
    const policy = createFakePolicy([call('a').repeat(5), 'done'])
    await start({ policy, sandbox })
    expect(methods(sandbox).filter((method) => method === 'execute')).toHaveLength(1)
    expect(lastText(policy, 1)).toMatch(/5 tool calls/)
  })

  test('an image index out of range is the IndexError of the sandbox', async () => {
    const policy = createFakePolicy([call('a', 7), 'done'])
    const { trajectory } = await start({ policy })
    expect(trajectory.calls[0]?.execution).toMatchObject({ status: 'error', type: 'IndexError' })
    expect(trajectory.images).toHaveLength(1)
  })

  test('an empty reply is an answer without text', async () => {
    const { trajectory } = await start({ policy: createFakePolicy(['']) })
    expect(trajectory).toMatchObject({ stop: 'answer', turns: 1 })
    expect(trajectory.messages.at(-1)).toEqual({ role: 'assistant', content: [{ type: 'text', text: '' }] })
  })
})

describe('an image with several frames', () => {
  test('is told, and marked in the trajectory', async () => {
    const sandbox = createFakeSandbox({ image: fakeImage({ isAnimated: true }) })
    const events: RolloutEvent[] = []
    const policy = createFakePolicy(['done'])
    const { trajectory } = await start({ policy, sandbox, onEvent: (event) => events.push(event) })
    expect(events[0]).toEqual({ type: 'animated-image', index: 0 })
    expect(trajectory.images.map(({ isAnimated }) => isAnimated)).toEqual([true])
  })
})

describe('limits', () => {
  test('a call asked for in the last turn is not run', async () => {
    const sandbox = createFakeSandbox({ outcomes: [crop] })
    const policy = createFakePolicy([call('a'), call('b')])
    const { trajectory } = await start({ policy, sandbox, limits: { turns: 2 } })
    expect(trajectory).toMatchObject({ stop: 'turn-limit', turns: 2 })
    expect(methods(sandbox).filter((method) => method === 'execute')).toHaveLength(1)
  })

  test('an answer in the last turn is an answer', async () => {
    const policy = createFakePolicy([call('a'), 'done'])
    expect((await start({ policy, limits: { turns: 2 } })).trajectory.stop).toBe('answer')
  })

  test('a turn that is cut at its token limit is truncated, even if it holds a whole call', async () => {
    const policy = createFakePolicy([{ text: call('a'), finishReason: 'length' }])
    const { trajectory } = await start({ policy, limits: { tokensPerTurn: 64 } })
    expect(trajectory).toMatchObject({ stop: 'truncated', turns: 1, calls: [] })
  })

  test('a conversation that has outgrown the model’s context ends there; a question that does not fit is an error', async () => {
    const full = new ModelError('too long', { status: 400, isContextFull: true })
    const { trajectory } = await start({ policy: createFakePolicy([call('a'), full]) })
    expect(trajectory).toMatchObject({ stop: 'token-limit', turns: 1 })
    expect(trajectory.calls).toHaveLength(1)
    await expect(start({ policy: createFakePolicy([full]) })).rejects.toBe(full)
    const other = new ModelError('something else', { status: 400 })
    await expect(start({ policy: createFakePolicy([call('a'), other]) })).rejects.toBe(other)
  })

  test('where only its server counts tokens, a turn is given what the last one left of the conversation’s limit', async () => {
    const usage = (promptTokens: number) => ({ promptTokens, completionTokens: 20 })
    const policy = createFakePolicy([
      { text: call('a'), usage: usage(100) },
      { text: call('b'), usage: usage(290) },
    ])
    const { trajectory } = await start({ policy, limits: { tokensPerTurn: 200, totalTokens: 300 } })
    expect(policy.requests.map(({ maxTokens }) => maxTokens)).toEqual([200, 180])
    expect(policy.requests.map(({ maxTotalTokens }) => maxTotalTokens)).toEqual([300, 300])
    expect(trajectory).toMatchObject({ stop: 'token-limit', turns: 2 })
    expect(trajectory.calls).toHaveLength(1)
  })

  test('a policy that knows its prompts is told the conversation’s limit, and no conversation grows beyond it', async () => {
    // What the tool says is not counted before the next prompt is.
    const started = (prompts: readonly number[], limits: RolloutRequest['limits'] = {}) => {
      const policy = createCountingPolicy(prompts.map((prompt) => ({ prompt, call: 20, other: 1000 })))
      return start({ policy, limits: { totalTokens: 300, ...limits } })
    }
    const full = (await started([100, 300])).trajectory
    expect(full).toMatchObject({ stop: 'token-limit', turns: 1 })
    expect(full.usage).toEqual({ promptTokens: 100, completionTokens: 20 })
    const cut = (await started([100, 270])).trajectory
    expect(cut).toMatchObject({ stop: 'token-limit', turns: 2 })
    expect(cut.usage).toEqual({ promptTokens: 370, completionTokens: 20 + 30 })
    const own = (await started([100, 270], { tokensPerTurn: 25 })).trajectory
    expect(own).toMatchObject({ stop: 'truncated', turns: 2 })
    const both = (await started([100, 270], { tokensPerTurn: 30 })).trajectory
    expect(both).toMatchObject({ stop: 'truncated', turns: 2 })
  })

  test('a turn that is cut at the policy’s own limit is truncated, though the conversation has one too', async () => {
    const usage = { promptTokens: 100, completionTokens: 64 }
    const policy = createFakePolicy([{ text: 'on and on', finishReason: 'length', usage }])
    expect((await start({ policy, limits: { totalTokens: 300 } })).trajectory.stop).toBe('truncated')
  })

  test('an image that would not fit is not told: the rollout ends with its call', async () => {
    const usage = { promptTokens: 100, completionTokens: 20 }
    const script = () => [{ text: call('a'), usage }, '<answer>STOP</answer>']
    const started = (visualTokens: number, limits: RolloutRequest['limits']) => {
      const policy: FakePolicy = { ...createFakePolicy(script()), visualTokens: () => visualTokens }
      return start({ policy, limits: limits ?? {} })
    }
    const full = await started(180, { totalTokens: 300 })
    expect(full.trajectory).toMatchObject({ stop: 'token-limit', turns: 1 })
    expect(full.trajectory.messages.at(-1)?.role).toBe('assistant')
    expect(full.trajectory.calls).toHaveLength(1)
    expect(full.trajectory.images).toHaveLength(2)
    expect((await started(179, { totalTokens: 300 })).trajectory.stop).toBe('answer')
    expect((await started(1e6, {})).trajectory.stop).toBe('answer')
  })

  test('a turn cut because the conversation is full is told apart from one cut at its own limit', async () => {
    const policy = createFakePolicy([
      { text: call('a'), usage: { promptTokens: 250, completionTokens: 20 } },
      { text: 'on and on', finishReason: 'length', usage: { promptTokens: 290, completionTokens: 30 } },
    ])
    const { trajectory } = await start({ policy, limits: { tokensPerTurn: 200, totalTokens: 300 } })
    expect(policy.requests[1]?.maxTokens).toBe(30)
    expect(trajectory.stop).toBe('token-limit')
  })

  test('a turn beyond the limit of characters is cut there and truncated, whatever it asks for', async () => {
    const sandbox = createFakeSandbox({ outcomes: [crop] })
    const policy = createFakePolicy([call('a') + 'x'.repeat(500)])
    const { trajectory } = await start({ policy, sandbox, limits: { charactersPerTurn: 200 } })
    expect(trajectory).toMatchObject({ stop: 'truncated', turns: 1, calls: [] })
    expect(trajectory.messages.at(-1)?.content).toEqual([
      { type: 'text', text: (call('a') + 'x'.repeat(500)).slice(0, 200) },
    ])
    expect(policy.requests[0]?.maxCharacters).toBe(200)
  })

  test('a turn that the policy itself cut at that limit is truncated, not out of tokens', async () => {
    const policy = createFakePolicy([{ text: 'x'.repeat(200), finishReason: 'length' }])
    const limits = { charactersPerTurn: 200, totalTokens: 50 }
    expect((await start({ policy, limits })).trajectory.stop).toBe('truncated')
  })

  test('without a word about it a turn is bounded too', async () => {
    const policy = createFakePolicy(['x'.repeat(DEFAULT_CHARACTERS + 1)])
    const { trajectory } = await start({ policy })
    expect(trajectory.stop).toBe('truncated')
    expect(trajectory.messages.at(-1)?.content[0]).toEqual({
      type: 'text',
      text: 'x'.repeat(DEFAULT_CHARACTERS),
    })
  })
})

describe('what goes wrong outside the model', () => {
  test('errors of the sandbox and of the model’s server pass, and the session is closed', async () => {
    const broken = createFakeSandbox({
      outcomes: [{ throws: new SandboxError('gone', { isRetryable: true }) }],
    })
    await expect(start({ policy: createFakePolicy([call('a')]), sandbox: broken })).rejects.toThrow(
      SandboxError,
    )
    expect(methods(broken).at(-1)).toBe('close')

    const sandbox = createFakeSandbox()
    const policy = createFakePolicy([new ModelError('500')])
    await expect(start({ policy, sandbox })).rejects.toThrow(ModelError)
    expect(methods(sandbox).at(-1)).toBe('close')
  })

  test('an abort in the middle of a turn ends the rollout with AbortError and closes the session', async () => {
    const controller = new AbortController()
    const sandbox = createFakeSandbox()
    const policy = createFakePolicy([
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          controller.abort()
        }),
    ])
    const running = start({ policy, sandbox, signal: controller.signal })
    await expect(running).rejects.toMatchObject({ name: 'AbortError' })
    expect(methods(sandbox).at(-1)).toBe('close')
  })

  test('a rollout that is aborted before it starts opens nothing', async () => {
    const sandbox = createFakeSandbox()
    const policy = createFakePolicy([])
    await expect(start({ policy, sandbox, signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(sandbox.log).toEqual([])
  })

  test('an image that cannot be encoded is an error, not a crash of the process', async () => {
    const unreadable = { ...crop.image, png: () => Promise.reject(new SandboxError('pixels are gone')) }
    const sandbox = createFakeSandbox({ outcomes: [{ image: unreadable }] })
    await expect(start({ policy: createFakePolicy([call('a'), 'done']), sandbox })).rejects.toThrow(
      /pixels are gone/,
    )
    expect(methods(sandbox).at(-1)).toBe('close')
  })
})
