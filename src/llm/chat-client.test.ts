import { afterEach, describe, expect, test } from '@jest/globals'
import { ModelError, UsageError } from '../core/errors.js'
import { createChatClient, type ChatClientParameters, type RetryNotice } from './chat-client.js'
import { completionBody } from './testing/completion-body.js'
import { createFakeClock } from './testing/fake-clock.js'
import { startScriptedServer, type ScriptedServer, type ScriptedStep } from './testing/scripted-server.js'

const messages = [{ role: 'user' as const, content: 'Hello' }]
const OK: ScriptedStep = { body: completionBody({ text: 'fine' }) }
const KEY = 'sk-very-secret-key'

let server: ScriptedServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

/** A client of a server with this script; without jitter, on a clock that stands still. */
async function clientOf(script: ScriptedStep[], parameters: Partial<ChatClientParameters> = {}) {
  const started = await startScriptedServer({ script })
  server = started
  const clock = createFakeClock()
  const notices: RetryNotice[] = []
  const client = createChatClient({
    baseUrl: started.baseUrl,
    apiKey: KEY,
    model: 'vision-1',
    clock,
    random: () => 1,
    onRetry: (notice) => notices.push(notice),
    ...parameters,
  })
  return { client, server: started, clock, notices }
}

const errorOf = async (call: Promise<unknown>): Promise<ModelError> => {
  const error: unknown = await call.then(
    () => new Error('The call succeeded.'),
    (reason: unknown) => reason,
  )
  if (error instanceof ModelError) return error
  throw error
}

describe('a call that succeeds', () => {
  test('sends only what was asked for, with the key, to /chat/completions', async () => {
    const { client, server } = await clientOf([OK])
    await client.complete({ messages })
    const [request] = server.requests
    expect(request).toMatchObject({ method: 'POST', path: '/v1/chat/completions' })
    expect(request?.headers['authorization']).toBe(`Bearer ${KEY}`)
    expect(request?.json).toEqual({ model: 'vision-1', messages })
  })

  test('sends sampling, tools and further fields under their names on the wire', async () => {
    const { client, server } = await clientOf([OK])
    const parameters = { type: 'object', properties: {} }
    await client.complete({
      messages,
      tools: [{ name: 'f', description: 'does f', parameters }],
      sampling: { temperature: 0, topP: 0.9, maxTokens: 7, seed: 3, stop: ['END'] },
      extraBody: { top_k: 20, model: 'not this one' },
    })
    expect(server.requests[0]?.json).toEqual({
      model: 'vision-1',
      messages,
      tools: [{ type: 'function', function: { name: 'f', description: 'does f', parameters } }],
      temperature: 0,
      top_p: 0.9,
      max_tokens: 7,
      seed: 3,
      stop: ['END'],
      top_k: 20,
    })
  })

  test('without a key sends no authorization', async () => {
    const { client, server } = await clientOf([OK], { apiKey: null })
    await client.complete({ messages })
    expect(server.requests[0]?.headers['authorization']).toBeUndefined()
  })

  test('gives text, calls, finish reason, usage and the name of the request', async () => {
    const toolCalls = [{ id: 'call_1', name: 'f', arguments: '{"a": 1}' }]
    const body = completionBody({ text: 'x', toolCalls, finishReason: 'length' })
    const { client } = await clientOf([{ headers: { 'x-request-id': 'req-9' }, body }])
    expect(await client.complete({ messages })).toEqual({
      text: 'x',
      reasoning: '',
      toolCalls,
      finishReason: 'length',
      usage: { promptTokens: 10, completionTokens: 5 },
      requestId: 'req-9',
    })
  })

  test('with an error that is null is a success', async () => {
    const { client } = await clientOf([{ body: { ...completionBody({ text: 'x' }), error: null } }])
    expect((await client.complete({ messages })).text).toBe('x')
  })

  test('is counted', async () => {
    const { client } = await clientOf([OK, { status: 500 }, OK])
    await client.complete({ messages })
    await client.complete({ messages })
    expect(client.totals).toEqual({ promptTokens: 20, completionTokens: 10, calls: 2, retries: 1 })
  })

  test('keeps the query of the base URL', async () => {
    const started = await startScriptedServer({ script: [OK] })
    server = started
    const baseUrl = `${started.baseUrl}/?api-version=7`
    await createChatClient({ baseUrl, apiKey: null, model: 'm' }).complete({ messages })
    expect(started.requests[0]?.path).toBe('/v1/chat/completions?api-version=7')
  })

  test('of a server that wants the newer name of the token limit is asked again with it, and from then on', async () => {
    const error = { message: 'no', code: 'unsupported_parameter', param: 'max_tokens' }
    const { client, server } = await clientOf([{ status: 400, body: { error } }, OK, OK])
    await client.complete({ messages, sampling: { maxTokens: 9 } })
    await client.complete({ messages, sampling: { maxTokens: 8 } })
    const limits = server.requests.map(({ json }) => {
      const { model, messages, ...rest } = json as Record<string, unknown>
      expect([model, messages]).toBeTruthy()
      return rest
    })
    expect(limits).toEqual([{ max_tokens: 9 }, { max_completion_tokens: 9 }, { max_completion_tokens: 8 }])
    expect(client.totals.retries).toBe(0)
  })
})

describe('what may pass is tried again', () => {
  test.each<[string, ScriptedStep]>([
    ['408', { status: 408 }],
    ['409', { status: 409 }],
    ['425', { status: 425 }],
    ['429', { status: 429 }],
    ['500', { status: 500, body: { error: { message: 'boom' } } }],
    ['503', { status: 503, body: 'loading model' }],
    ['529', { status: 529 }],
    ['a connection closed before the answer', { drop: 'before' }],
    ['a connection closed in the middle of the body', { ...OK, drop: 'mid-body' }],
    ['JSON that is cut off', { body: '{"choices": [{"mess' }],
    ['an empty body', { body: '' }],
    ['empty choices', { body: { choices: [] } }],
    ['an HTML page with status 200', { headers: { 'content-type': 'text/html' }, body: '<html>Hi</html>' }],
    ['an error in the body of status 200', { body: { error: { message: 'upstream', code: 502 } } }],
  ])('%s', async (_, step) => {
    const { client, server, clock } = await clientOf([step, step, OK])
    expect((await client.complete({ messages })).text).toBe('fine')
    expect(server.requests).toHaveLength(3)
    expect(clock.sleeps).toEqual([500, 1000])
    expect(client.totals.retries).toBe(2)
  })

  test.each(['silence', 'stall'] as const)('an answer that is not there in time (%s)', async (endless) => {
    const { client, notices } = await clientOf([{ ...OK, endless }, OK, OK, OK, OK, OK], { timeoutMs: 250 })
    expect((await client.complete({ messages })).text).toBe('fine')
    expect(notices[0]?.error.message).toContain('within 0.25 s')
  })

  test('an answer that is not there in time only once more, however often others are', async () => {
    const late: ScriptedStep = { ...OK, endless: 'silence' }
    const { client, server } = await clientOf([{ status: 500 }, late, { status: 500 }, late, OK], {
      timeoutMs: 250,
    })
    const error = await errorOf(client.complete({ messages }))
    expect(error).toMatchObject({ isDeadline: true, attempts: 4 })
    expect(error.message).toMatch(
      /policy\.timeoutSeconds or --request-timeout.*agent\.tokensPerTurn or --max-tokens/,
    )
    expect(server.requests).toHaveLength(4)
  })

  test('but not for ever: the last error comes out, still retryable, and says how often', async () => {
    const { client, server, notices } = await clientOf(Array(9).fill({ status: 500 }), { maxRetries: 3 })
    const error = await errorOf(client.complete({ messages }))
    expect(error).toMatchObject({ status: 500, isRetryable: true, attempts: 4 })
    expect(error.message).toContain('Gave up after 4 attempts.')
    expect(server.requests).toHaveLength(4)
    expect(notices.map(({ attempt, delayMs }) => [attempt, delayMs])).toEqual([
      [1, 500],
      [2, 1000],
      [3, 2000],
    ])
  })

  test('after as many seconds as Retry-After says', async () => {
    const { client, clock } = await clientOf([{ status: 429, headers: { 'retry-after': '7' } }, OK], {
      random: () => 0,
    })
    await client.complete({ messages })
    expect(clock.sleeps).toEqual([7000])
  })

  test('at the date that Retry-After says', async () => {
    const now = Date.UTC(2025, 10, 6, 8, 49, 37)
    const clock = createFakeClock({ now })
    const headers = { 'retry-after': 'Thu, 06 Nov 2025 08:49:47 GMT' }
    const { client } = await clientOf([{ status: 503, headers }, OK], { clock, random: () => 0 })
    await client.complete({ messages })
    expect(clock.sleeps).toEqual([10_000])
  })

  test('not after an hour, even if Retry-After says so', async () => {
    const { client, clock } = await clientOf([{ status: 429, headers: { 'retry-after': '3600' } }, OK], {
      random: () => 0,
    })
    await client.complete({ messages })
    expect(clock.sleeps).toEqual([120_000])
  })

  test('a rate limit halves the concurrency of the client', async () => {
    const { client } = await clientOf([{ status: 429 }, OK], { concurrency: 8 })
    await client.complete({ messages })
    expect(client.concurrency).toBe(4)
  })

  test('no server at all: the address, the model and the setting are named', async () => {
    const { client, server: started } = await clientOf([], { maxRetries: 1 })
    await started.close()
    server = null
    const error = await errorOf(client.complete({ messages }))
    expect(error.isRetryable).toBe(true)
    expect(error.message).toContain('ECONNREFUSED')
    expect(error.message).toContain(`${started.baseUrl}/chat/completions (model "vision-1")`)
    expect(error.message).toContain('OPENAI_BASE_URL')
  })
})

test.each([
  ['OpenAI', { error: { message: 'too long', code: 'context_length_exceeded', param: 'messages' } }, true],
  ['vLLM', { error: { message: 'too long', code: 400, param: 'input_tokens' } }, true],
  ['a server about something else', { error: { message: 'no such role', param: 'messages' } }, false],
])('that the context is full is read from the code of %s', async (_, body, isContextFull) => {
  const { client } = await clientOf([{ status: 400, body }, OK])
  expect(await errorOf(client.complete({ messages }))).toMatchObject({ isContextFull, isRetryable: false })
})

describe('what cannot pass is not tried again', () => {
  test.each<[string, ScriptedStep, string]>([
    ['401', { status: 401, body: { error: { message: 'bad key' } } }, 'check OPENAI_API_KEY'],
    ['403', { status: 403 }, 'OPENAI_API_KEY'],
    ['404', { status: 404, body: { detail: 'Not Found' } }, 'ends in /v1'],
    ['400', { status: 400, body: { error: 'context too long' } }, 'context too long'],
    ['a full context', { status: 400, body: { error: { param: 'input_tokens' } } }, '--max-pixels'],
    ['413', { status: 413 }, 'JPEG'],
    ['a redirect', { status: 308, headers: { location: 'http://127.0.0.1/else' } }, 'http://127.0.0.1/else'],
    ['a quota that is used up', { status: 429, body: { error: { code: 'insufficient_quota' } } }, 'no quota'],
  ])('%s', async (_, step, said) => {
    const { client, server } = await clientOf([step, OK])
    const error = await errorOf(client.complete({ messages }))
    expect(error.isRetryable).toBe(false)
    expect(error.status).toBe(step.status)
    expect(error.message).toContain(said)
    expect(error.message).toContain('vision-1')
    expect(server.requests).toHaveLength(1)
  })

  test('an error in the body of status 200 counts as the status it names', async () => {
    const { client, server } = await clientOf([{ body: { error: { message: 'no image input', code: 400 } } }])
    const error = await errorOf(client.complete({ messages }))
    expect(error).toMatchObject({ status: 400, isRetryable: false })
    expect(error.message).toContain('no image input')
    expect(server.requests).toHaveLength(1)
  })

  test('a body without end is cut at the limit, and the error says so', async () => {
    const { client, server } = await clientOf([{ endless: 'body' }], { maxResponseBytes: 1_000_000 })
    const error = await errorOf(client.complete({ messages }))
    expect(error.isRetryable).toBe(false)
    expect(error.message).toContain('more than 1000000 bytes')
    expect(server.requests).toHaveLength(1)
  })

  test('a body that is an error without end is cut too', async () => {
    const { client } = await clientOf([{ status: 400, endless: 'body' }], { maxResponseBytes: 1_000_000 })
    expect((await errorOf(client.complete({ messages }))).message).toContain('more than 1000000 bytes')
  })

  test('a missing key is told as such', async () => {
    const { client } = await clientOf([{ status: 401 }], { apiKey: null })
    expect((await errorOf(client.complete({ messages }))).message).toContain(
      'No key was sent: set OPENAI_API_KEY.',
    )
  })
})

describe('errors never show', () => {
  test('the key, credentials or query of the address, nor the value of a header', async () => {
    const started = await startScriptedServer({
      script: [{ status: 401, body: { error: { message: `wrong ${KEY} and header-secret and pass-word` } } }],
    })
    server = started
    const client = createChatClient({
      baseUrl: `${started.baseUrl.replace('http://', 'http://user:pass-word@')}?key=query-secret`,
      apiKey: KEY,
      model: 'm',
      headers: { 'x-token': 'header-secret' },
    })
    const { message } = await errorOf(client.complete({ messages }))
    expect(started.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      'x-token': 'header-secret',
    })
    for (const secret of [KEY, 'pass-word', 'query-secret', 'header-secret']) {
      expect(message).not.toContain(secret)
    }
    expect(message).toContain('wrong [secret] and [secret] and [secret]')
  })

  test('more than the beginning of a long body', async () => {
    const { client } = await clientOf([{ status: 404, body: 'x'.repeat(100_000) }])
    expect((await errorOf(client.complete({ messages }))).message.length).toBeLessThan(700)
  })
})

describe('abort', () => {
  test('before the call: nothing is sent', async () => {
    const { client, server } = await clientOf([OK])
    const call = client.complete({ messages, signal: AbortSignal.abort() })
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    expect(server.requests).toHaveLength(0)
  })

  test('in flight rejects at once and is not tried again', async () => {
    const { client, server } = await clientOf([{ endless: 'silence' }, OK])
    const controller = new AbortController()
    const call = client.complete({ messages, signal: controller.signal })
    await server.arrived(1)
    controller.abort()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    expect(server.requests).toHaveLength(1)
  })

  test('during the back-off rejects at once', async () => {
    const controller = new AbortController()
    const clock = createFakeClock({ isStuck: true, onSleep: () => queueMicrotask(() => controller.abort()) })
    const { client, server } = await clientOf([{ status: 503 }, OK], { clock })
    const call = client.complete({ messages, signal: controller.signal })
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    expect(server.requests).toHaveLength(1)
  })

  test('while waiting for a place rejects at once', async () => {
    const { client, server } = await clientOf([{ endless: 'silence' }], { concurrency: 1 })
    const [first, second] = [new AbortController(), new AbortController()]
    const running = client.complete({ messages, signal: first.signal })
    await server.arrived(1)
    const waiting = client.complete({ messages, signal: second.signal })
    second.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    first.abort()
    await expect(running).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('with a reason of another kind is an AbortError all the same, with the reason as its cause', async () => {
    const { client, server } = await clientOf([{ endless: 'silence' }])
    const controller = new AbortController()
    const call = client.complete({ messages, signal: controller.signal })
    await server.arrived(1)
    controller.abort('enough')
    await expect(call).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' })
  })
})

describe('check', () => {
  test('passes when the model answers, even with nothing', async () => {
    const { client } = await clientOf([{ body: completionBody({ text: null, finishReason: 'length' }) }])
    await client.check()
  })

  test('names the models that the server has when it does not know this one', async () => {
    const { client, server } = await clientOf([
      { status: 404, body: { error: { message: 'The model does not exist' } } },
      { body: { data: [{ id: 'other-1' }, { id: 'other-2' }] } },
    ])
    const error = await errorOf(client.check())
    expect(error.message).toContain('"The model does not exist"')
    expect(error.message).toContain('The server offers: "other-1", "other-2".')
    expect(server.requests[1]).toMatchObject({ method: 'GET', path: '/v1/models' })
  })

  test('tells the first error when the server cannot list models', async () => {
    const { client } = await clientOf([{ status: 404, body: 'nothing here' }, { status: 404 }])
    const error = await errorOf(client.check())
    expect(error.message).toContain('"nothing here"')
    expect(error.message).not.toContain('offers')
  })

  test('fails on a wrong key without asking for models', async () => {
    const { client, server } = await clientOf([{ status: 401 }])
    expect((await errorOf(client.check())).status).toBe(401)
    expect(server.requests).toHaveLength(1)
  })
})

describe('settings that cannot work', () => {
  const base = { baseUrl: 'http://127.0.0.1:1/v1', apiKey: null, model: 'm' }
  test.each<[string, Partial<ChatClientParameters>, string]>([
    ['an address that is none', { baseUrl: 'localhost' }, 'OPENAI_BASE_URL'],
    ['a file as the address', { baseUrl: 'file:///etc/passwd' }, 'OPENAI_BASE_URL'],
    ['an empty model', { model: ' ' }, '--model'],
    ['a key with a line break', { apiKey: 'abc\n' }, 'OPENAI_API_KEY'],
    ['no time', { timeoutMs: 0 }, 'timeoutMs'],
    ['endless retries', { maxRetries: Infinity }, 'maxRetries'],
    ['no concurrency', { concurrency: 0 }, 'concurrency'],
  ])('%s is a usage error that names the setting', (_, parameters, name) => {
    const create = () => createChatClient({ ...base, ...parameters })
    expect(create).toThrow(UsageError)
    expect(create).toThrow(name)
  })
})
