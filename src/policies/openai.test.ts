import { afterEach, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { ModelError } from '../core/errors.js'
import type { EncodedImage } from '../core/image.js'
import type { Message } from '../core/message.js'
import type { PolicyRequest } from '../core/policy.js'
import { createChatClient } from '../llm/chat-client.js'
import { completionBody } from '../llm/testing/completion-body.js'
import { createFakeClock } from '../llm/testing/fake-clock.js'
import {
  startScriptedServer,
  type ScriptedServer,
  type ScriptedStep,
} from '../llm/testing/scripted-server.js'
import { createOpenAiPolicy, type OpenAiPolicyParameters } from './openai.js'

let server: ScriptedServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

async function policyOf(script: ScriptedStep[], parameters: Partial<OpenAiPolicyParameters> = {}) {
  const started = await startScriptedServer({ script })
  server = started
  const client = createChatClient({
    baseUrl: started.baseUrl,
    apiKey: null,
    model: 'vision-1',
    clock: createFakeClock(),
  })
  const policy = createOpenAiPolicy({ client, ...parameters })
  const sent = (index: number) =>
    started.requests[index]?.json as { messages: unknown[]; [field: string]: unknown }
  return { policy, server: started, sent }
}

const text = (value: string) => ({ type: 'text' as const, text: value })
const system: Message = { role: 'system', content: [text('You have one tool.')] }
const say = (role: 'user' | 'assistant', value: string): Message => ({ role, content: [text(value)] })

async function imageOf(red: number): Promise<{ image: EncodedImage; bytes: Buffer; reads: () => number }> {
  const background = { r: red, g: 20, b: 30, alpha: 0.5 }
  const bytes = await sharp({ create: { width: 8, height: 6, channels: 4, background } })
    .png()
    .toBuffer()
  let reads = 0
  const read = () => {
    reads += 1
    return Promise.resolve(bytes)
  }
  const image = { sha256: String(red), width: 8, height: 6, mediaType: 'image/png' as const, read }
  return { image, bytes, reads: () => reads }
}

const ask = (messages: Message[], rest: Partial<PolicyRequest> = {}): PolicyRequest => ({
  messages,
  tools: [],
  sample: { key: 'k', epoch: 0 },
  turn: 0,
  signal: new AbortController().signal,
  ...rest,
})

const bytesOf = (part: unknown): Buffer => {
  const { url } = (part as { image_url: { url: string } }).image_url
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
}

const TOOL = { name: 'code_image_tool', description: 'Runs Python.', parameters: { type: 'object' } }
const FINE: ScriptedStep = { body: completionBody({ text: 'fine' }) }

describe('images', () => {
  test('arrive byte for byte as PNG, in their place between the texts', async () => {
    const { policy, sent } = await policyOf([FINE])
    const [first, second] = [await imageOf(1), await imageOf(2)]
    await policy.next(
      ask([
        system,
        {
          role: 'user',
          content: [
            { type: 'image', index: 0, image: first.image },
            { type: 'image', index: 1, image: second.image },
            text('What '),
            text('differs?'),
          ],
        },
      ]),
    )
    const [sentSystem, sentUser] = sent(0).messages as { role: string; content: unknown }[]
    expect(sentSystem).toEqual({ role: 'system', content: 'You have one tool.' })
    const parts = sentUser?.content as unknown[]
    expect(parts).toHaveLength(3)
    expect(bytesOf(parts[0])).toEqual(first.bytes)
    expect(bytesOf(parts[1])).toEqual(second.bytes)
    expect(parts[0]).toMatchObject({ image_url: { url: expect.stringMatching(/^data:image\/png;base64,/) } })
    expect(parts[2]).toEqual({ type: 'text', text: 'What differs?' })
  })

  test('go as JPEG where that is configured, alpha over white', async () => {
    const { policy, sent } = await policyOf([FINE], { image: { format: 'jpeg', quality: 90 } })
    const { image } = await imageOf(200)
    await policy.next(ask([{ role: 'user', content: [{ type: 'image', index: 0, image }] }]))
    const [message] = sent(0).messages as { content: unknown[] }[]
    expect(message?.content[0]).toMatchObject({
      image_url: { url: expect.stringMatching(/^data:image\/jpeg;base64,/) },
    })
    const decoded = sharp(bytesOf(message?.content[0]))
    expect(await decoded.metadata()).toMatchObject({ format: 'jpeg', width: 8, height: 6, channels: 3 })
    const [pixel] = await decoded.raw().toBuffer()
    // Half of 200 over white.
    expect(Math.abs((pixel ?? 0) - 228)).toBeLessThan(6)
  })

  test('are read once, however many turns send them', async () => {
    const { policy } = await policyOf([FINE, FINE])
    const { image, reads } = await imageOf(3)
    const user: Message = { role: 'user', content: [{ type: 'image', index: 0, image }] }
    await policy.next(ask([user]))
    await policy.next(ask([user, say('assistant', 'Hm.'), say('user', 'Go on.')], { turn: 1 }))
    expect(reads()).toBe(1)
  })

  test('that cannot be read fail the call with their own error, and are read again the next time', async () => {
    const { policy, server } = await policyOf([FINE])
    const { image, bytes } = await imageOf(4)
    let isBroken = true
    const read = () => (isBroken ? Promise.reject(new Error('disk gone')) : Promise.resolve(bytes))
    const request = ask([{ role: 'user', content: [{ type: 'image', index: 0, image: { ...image, read } }] }])
    await expect(policy.next(request)).rejects.toThrow('disk gone')
    isBroken = false
    await policy.next(request)
    expect(server.requests).toHaveLength(1)
  })
})

describe('Hermes tool calls', () => {
  test('stand in the text, and nothing about tools is sent apart', async () => {
    const written = '<think>a</think><tool_call>{"name": "code_image_tool"}</tool_call>'
    const { policy, sent } = await policyOf([{ body: completionBody({ text: written }) }])
    const reply = await policy.next(ask([say('user', 'Hi')], { tools: [TOOL] }))
    expect(reply).toMatchObject({ text: written, toolCalls: [], finishReason: 'stop' })
    expect(sent(0)).toEqual({
      model: 'vision-1',
      messages: [{ role: 'user', content: 'Hi' }],
      max_tokens: 16_384,
    })
  })

  test('a tool’s text and image go into one user message, inside tool_response', async () => {
    const { policy, sent } = await policyOf([FINE])
    const { image, bytes } = await imageOf(5)
    await policy.next(
      ask([
        say('user', 'Hi'),
        say('assistant', 'call'),
        { role: 'tool', content: [text('Image 1:'), { type: 'image', index: 1, image }] },
        say('assistant', 'again'),
        { role: 'tool', content: [text('NameError')] },
      ]),
    )
    const messages = sent(0).messages as { role: string; content: unknown }[]
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user'])
    const parts = messages[2]?.content as unknown[]
    expect(parts[0]).toEqual(text('<tool_response>\nImage 1:'))
    expect(bytesOf(parts[1])).toEqual(bytes)
    expect(parts[2]).toEqual(text('\n</tool_response>'))
    expect(messages[4]?.content).toBe('<tool_response>\nNameError\n</tool_response>')
  })

  test('calls that the server took out of the text go back into it', async () => {
    const toolCalls = [{ id: 'c', name: 'code_image_tool', arguments: '{"code": "x"}' }]
    const { policy } = await policyOf([{ body: completionBody({ text: 'So:', toolCalls }) }])
    const reply = await policy.next(ask([say('user', 'Hi')]))
    expect(reply.toolCalls).toEqual([])
    expect(reply.text).toBe(
      'So:\n<tool_call>\n{"name": "code_image_tool", "arguments": {"code": "x"}}\n</tool_call>',
    )
  })
})

describe('native tool calls', () => {
  const calls = Array.from({ length: 5 }, (_, i) => ({
    id: `id_${i}`,
    name: 'code_image_tool',
    arguments: `{"code": "img = img.rotate(${i})"}`,
  }))

  test('make the round trip: offered, called, answered, the image after the answer', async () => {
    const [call] = calls
    if (!call) throw new Error('no call')
    const { policy, sent } = await policyOf(
      [{ body: completionBody({ text: null, toolCalls: [call] }) }, FINE],
      { toolFormat: 'native' },
    )
    const first = await policy.next(ask([say('user', 'Hi')], { tools: [TOOL] }))
    expect(first).toMatchObject({ text: '', toolCalls: [call], finishReason: 'stop' })
    expect(sent(0)['tools']).toEqual([{ type: 'function', function: TOOL }])

    const { image, bytes } = await imageOf(6)
    await policy.next(
      ask(
        [
          say('user', 'Hi'),
          { role: 'assistant', content: [text(first.text)], toolCalls: first.toolCalls },
          { role: 'tool', toolCallId: call.id, content: [text('Done.'), { type: 'image', index: 1, image }] },
        ],
        { tools: [TOOL], turn: 1 },
      ),
    )
    const [, assistant, tool, user] = sent(1).messages as { content: unknown[] }[]
    expect(assistant).toEqual({
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } },
      ],
    })
    expect(tool).toEqual({ role: 'tool', tool_call_id: call.id, content: 'Done.' })
    expect(user?.content).toHaveLength(1)
    expect(bytesOf(user?.content[0])).toEqual(bytes)
  })

  test('five at once all come back, and all get an answer when the conversation is sent again', async () => {
    const { policy, sent } = await policyOf([{ body: completionBody({ toolCalls: calls }) }, FINE], {
      toolFormat: 'native',
    })
    const { toolCalls } = await policy.next(ask([say('user', 'Hi')], { tools: [TOOL] }))
    expect(toolCalls).toEqual(calls)
    await policy.next(
      ask([
        say('user', 'Hi'),
        { role: 'assistant', content: [text('')], toolCalls },
        { role: 'tool', content: [text('First one done.')] },
      ]),
    )
    const tools = (sent(1).messages as Record<string, unknown>[]).slice(2)
    expect(tools.map((message) => [message['tool_call_id'], message['content']])).toEqual([
      ['id_0', 'First one done.'],
      ...['id_1', 'id_2', 'id_3', 'id_4'].map((id) => [id, 'Not executed: only one call of a turn is.']),
    ])
  })

  test('answers are matched by the call they name, and images come after all of them', async () => {
    const { policy, sent } = await policyOf([FINE], { toolFormat: 'native' })
    const { image } = await imageOf(7)
    await policy.next(
      ask([
        { role: 'assistant', content: [text('Two.')], toolCalls: calls.slice(0, 2) },
        { role: 'tool', toolCallId: 'id_1', content: [text('B'), { type: 'image', index: 1, image }] },
        { role: 'tool', toolCallId: 'id_0', content: [text('A')] },
        say('user', 'Next.'),
      ]),
    )
    const messages = sent(0).messages as { role: string; content: unknown }[]
    expect(messages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'tool', 'user', 'user'])
    expect(messages.slice(1, 3).map(({ content }) => content)).toEqual(['A', 'B'])
  })

  test('without ids get ids of their own, different at each turn', async () => {
    const bare = { id: '', name: 'f', arguments: '{}' }
    const body = completionBody({ toolCalls: [bare, bare] })
    const { policy } = await policyOf([{ body }], { toolFormat: 'native' })
    const { toolCalls } = await policy.next(ask([say('user', 'Hi')], { turn: 3 }))
    expect(toolCalls.map(({ id }) => id)).toEqual(['call_3_0', 'call_3_1'])
  })

  test('a turn that wrote its call as text is answered as text', async () => {
    const { policy, sent } = await policyOf([FINE], { toolFormat: 'native' })
    await policy.next(ask([say('assistant', 'call'), { role: 'tool', content: [text('Done.')] }]))
    expect(sent(0).messages[1]).toEqual({
      role: 'user',
      content: '<tool_response>\nDone.\n</tool_response>',
    })
  })
})

describe('a reply', () => {
  test('of nothing is an empty text, not an error', async () => {
    const { policy } = await policyOf([{ body: completionBody({ text: null }) }])
    expect((await policy.next(ask([say('user', 'Hi')]))).text).toBe('')
  })

  test('keeps reasoning that came apart, in think tags', async () => {
    const message = { content: '<answer>1</answer>', reasoning_content: 'because' }
    const { policy } = await policyOf([{ body: { choices: [{ message }] } }])
    expect(await policy.next(ask([say('user', 'Hi')]))).toMatchObject({
      text: '<think>because</think><answer>1</answer>',
      usage: { promptTokens: 0, completionTokens: 0 },
    })
  })

  test('that was cut says so', async () => {
    const { policy } = await policyOf([{ body: completionBody({ text: 'a a a', finishReason: 'length' }) }])
    expect((await policy.next(ask([say('user', 'Hi')]))).finishReason).toBe('length')
  })

  test('beyond the limit of characters is cut, text and native calls alike', async () => {
    const toolCalls = [{ id: 'a', name: 'f', arguments: `{"code": "${'y'.repeat(100)}"}` }]
    const body = completionBody({ text: 'x'.repeat(40), toolCalls })
    const { policy } = await policyOf([{ body }, { body }], { toolFormat: 'native' })
    const next = (maxCharacters: number) => policy.next(ask([say('user', 'Hi')], { maxCharacters }))
    expect(await next(30)).toMatchObject({ text: 'x'.repeat(30), toolCalls: [], finishReason: 'length' })
    expect((await next(52)).toolCalls).toEqual([{ id: 'a', name: 'f', arguments: '{"code": "y' }])
  })

  test('without end is not read to its end: what came until then is a turn that was cut', async () => {
    const begun = `{"choices": [{"message": {"role": "assistant", "content": "${'on and '.repeat(20)}`
    const { policy } = await policyOf([{ body: begun, endless: 'body' }])
    const reply = await policy.next(ask([say('user', 'Hi')], { maxCharacters: 100 }))
    expect(reply).toMatchObject({ text: 'on and '.repeat(20).slice(0, 100), finishReason: 'length' })
  })

  test('that never comes is a ModelError', async () => {
    const { policy } = await policyOf([{ status: 401 }])
    await expect(policy.next(ask([say('user', 'Hi')]))).rejects.toThrow(ModelError)
  })

  test('is not waited for after an abort', async () => {
    const { policy, server } = await policyOf([{ endless: 'silence' }])
    const controller = new AbortController()
    const next = policy.next(ask([say('user', 'Hi')], { signal: controller.signal }))
    await server.arrived(1)
    controller.abort()
    await expect(next).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('sampling', () => {
  test('takes the smaller of the two token limits', async () => {
    const { policy, sent } = await policyOf([FINE, FINE], { sampling: { temperature: 0.5, maxTokens: 100 } })
    await policy.next(ask([say('user', 'Hi')], { maxTokens: 50 }))
    await policy.next(ask([say('user', 'Hi')], { maxTokens: 500 }))
    expect(sent(0)).toMatchObject({ temperature: 0.5, max_tokens: 50 })
    expect(sent(1)).toMatchObject({ max_tokens: 100 })
  })

  test('bounds a turn where nobody says how long it may be', async () => {
    const { policy, sent } = await policyOf([FINE])
    await policy.next(ask([say('user', 'Hi')]))
    expect(sent(0)).toMatchObject({ max_tokens: 16_384 })
  })

  describe('of a server that refuses the request', () => {
    const TOO_LONG: ScriptedStep = {
      status: 400,
      body: { error: { message: 'no room', code: 400, param: 'input_tokens' } },
    }
    const OLDER_NAME: ScriptedStep = {
      status: 400,
      body: { error: { message: 'no', code: 'unsupported_parameter', param: 'max_tokens' } },
    }

    test('asks once more without the bound, where that is a default: the room of a small context is less', async () => {
      const { policy, sent, server } = await policyOf([TOO_LONG, FINE, FINE])
      expect((await policy.next(ask([say('user', 'Hi')]))).text).toBe('fine')
      expect(sent(1)).not.toHaveProperty('max_tokens')
      await policy.next(ask([say('user', 'Hi')]))
      expect(sent(2)).toMatchObject({ max_tokens: 16_384 })
      expect(server.requests).toHaveLength(3)
    })

    test('takes the newer name of the bound first', async () => {
      const { policy, sent } = await policyOf([OLDER_NAME, { status: 422 }, FINE])
      await policy.next(ask([say('user', 'Hi')]))
      expect(sent(1)).toMatchObject({ max_completion_tokens: 16_384 })
      expect(sent(2)).not.toHaveProperty('max_completion_tokens')
    })

    test('a conversation without any room ends the call as before', async () => {
      const { policy } = await policyOf([TOO_LONG, TOO_LONG])
      await expect(policy.next(ask([say('user', 'Hi')]))).rejects.toMatchObject({ isContextFull: true })
    })

    test('a bound that was said is not given up', async () => {
      const { policy, server } = await policyOf([TOO_LONG, FINE])
      await expect(policy.next(ask([say('user', 'Hi')], { maxTokens: 50 }))).rejects.toThrow(ModelError)
      expect(server.requests).toHaveLength(1)
    })
  })

  test('seeds differ by sample, epoch and turn, and repeat with the run’s seed', async () => {
    const { policy, sent } = await policyOf([FINE, FINE, FINE, FINE, FINE], { sampling: { seed: 1 } })
    const messages = [say('user', 'Hi')]
    await policy.next(ask(messages))
    await policy.next(ask(messages))
    await policy.next(ask(messages, { turn: 1 }))
    await policy.next(ask(messages, { sample: { key: 'k', epoch: 1 } }))
    await policy.next(ask(messages, { sample: { key: 'other', epoch: 0 } }))
    const [first, again, ...others] = [0, 1, 2, 3, 4].map((index) => sent(index)['seed'])
    expect(again).toBe(first)
    expect(new Set([first, ...others]).size).toBe(4)
    expect(first).toBeLessThan(2 ** 31)
  })
})
