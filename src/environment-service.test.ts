import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { pino } from 'pino'
import { WebSocket } from 'ws'
import { rewardSchema } from './config/reward-schema.js'
import { testRuntime } from './config/test-runtime.js'
import type { Judge } from './core/judge.js'
import { SYSTEM_PROMPT } from './agent/system-prompt.js'
import { CODE_IMAGE_TOOL } from './agent/tool-description.js'
import type { AgentSettings } from './evaluation/run/agent-settings.js'
import type { SandboxPool } from './sandbox/pool.js'
import {
  EnvironmentService,
  type EnvironmentServiceParameters,
} from './services/environment/environment-service.js'
import type { EpisodeTasks } from './services/environment/episode-tasks.js'
import { environmentTasks } from './services/testing/environment-tasks.js'
import { OpenEnvClient, type Told } from './services/conformance/openenv-client.js'
import { LONGEST_TEXT_BYTES } from './services/longest-text.js'
import { ServiceClient, type Answer } from './services/testing/service-client.js'
import { openSandboxPool, type RuntimeChoice } from './wiring.js'

/** The service over real HTTP and WebSockets, with a real sandbox. */
const runtime = (testRuntime() ?? 'auto') as RuntimeChoice
const UPRIGHT = 'result = image.rotate(270, expand=True)'
const call = (code: string): string =>
  `<think>look</think>\n<tool_call>${JSON.stringify({ name: 'code_image_tool', arguments: { code, description: 'look', image_index: 0 } })}</tool_call>`
const answer = (text: string): string => `<think>so</think><answer>${text}</answer>`
/** Right answer and form, the required turn and nothing else: 1 + 0.1 + 1 + 0.1. */
const BEST = 2.2

const agent: AgentSettings = {
  prompt: SYSTEM_PROMPT,
  tools: [CODE_IMAGE_TOOL],
  view: { minPixels: 784, maxPixels: 200_704 },
  parsing: 'robust',
  feedback: 'standard',
  limits: { turns: 4, timeoutMs: 10_000 },
}

let sandbox: SandboxPool
let tasks: EpisodeTasks
const services: EnvironmentService[] = []
const connections: OpenEnvClient[] = []

beforeAll(async () => {
  tasks = await environmentTasks({ count: 5 })
  sandbox = await openSandboxPool({ runtime, concurrency: 1, standby: false })
})
afterEach(async () => {
  await Promise.all(connections.splice(0).map((one) => one.close()))
  await Promise.all(services.splice(0).map((service) => service.drain({ graceMs: 0 })))
})
afterAll(() => sandbox.close())

async function start(parameters: Partial<EnvironmentServiceParameters> = {}) {
  const service = await EnvironmentService.start({
    ...{ tasks, sandbox, agent, version: '0' },
    scoring: {
      scoring: { profile: 'codevision', judge: null },
      scorer: 'none',
      reward: rewardSchema.parse({ variant: 'paper' }),
    },
    address: { kind: 'tcp', host: '127.0.0.1', port: 0 },
    logger: pino({ level: 'silent' }),
    ...parameters,
  })
  services.push(service)
  return { service, client: new ServiceClient({ url: service.url }) }
}

async function connect({ service }: { service: EnvironmentService }): Promise<OpenEnvClient> {
  const connection = await OpenEnvClient.connect({ url: service.url })
  connections.push(connection)
  return connection
}

function errorOf({ json }: Answer): { code: string; message: string; hint: string } {
  return json['error'] as { code: string; message: string; hint: string }
}

function imagesOf({ data }: Told): { index: number; width: number; height: number; data: string }[] {
  return data.observation?.['images'] as { index: number; width: number; height: number; data: string }[]
}

async function metric(client: ServiceClient, name: string): Promise<number> {
  const { body } = await client.ask('GET', '/metrics')
  const line = body
    .toString()
    .split('\n')
    .find((one) => one.startsWith(`${name} `))
  return Number(line?.split(' ')[1])
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('an episode over a connection of OpenEnv', () => {
  test('goes from reset by way of images to an answer with a reward', async () => {
    const env = await connect(await start())
    const opened = await env.ask('reset', { task: 2, episode_id: 'rollout-1' })
    expect(opened).toMatchObject({
      type: 'observation',
      data: {
        reward: null,
        done: false,
        observation: {
          text: 'What is word 2?',
          task: { index: 2, key: 'key-2' },
          tools: [{ type: 'function', function: { name: 'code_image_tool' } }],
          turns: 0,
          turns_left: 4,
        },
      },
    })
    const { messages } = opened.data.observation as { messages: { role: string; content: object[] }[] }
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user'])
    expect(messages[1]?.content[0]).toEqual({ type: 'image', index: 0 })
    expect(JSON.stringify(opened)).not.toContain('rotate_270')

    const turned = await env.ask('step', { text: call(UPRIGHT) })
    expect(turned.data.observation).toMatchObject({
      text: 'Image 1 (30 × 40 pixels) is the result.',
      messages: [{ role: 'tool' }],
      turns: 1,
      turns_left: 3,
    })
    const [image] = imagesOf(turned)
    expect(image).toMatchObject({ index: 1, width: 30, height: 40 })
    expect(
      Buffer.from(image?.data ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
    expect((await env.ask('state')).data).toMatchObject({
      episode_id: 'rollout-1',
      step_count: 1,
      done: false,
      images: [{ index: 0 }, { index: 1, width: 30, height: 40 }],
    })

    const done = await env.ask('step', { text: answer('word 2') })
    expect(done.data).toMatchObject({
      done: true,
      observation: { stop: 'answer', outcome: 'correct', reward_parts: { mustUse: 1, exact: 1 } },
    })
    expect(done.data.reward).toBeCloseTo(BEST, 9)
    expect((await env.ask('state')).data).toMatchObject({ done: true, reward: done.data.reward })
    expect((await env.ask('step', { text: 'more' })).data).toMatchObject({ code: 'SESSION_ERROR' })
    expect((await env.ask('reset', {})).data.done).toBe(false)
  })

  test('tells a failing call as every rollout does, and ends at the turn limit', async () => {
    const env = await connect(await start())
    await env.ask('reset', { task: 0 })
    const failed = await env.ask('step', { code: 'result = image.rotat(90)' })
    expect(failed.data.observation?.['text']).toContain('AttributeError')
    expect(imagesOf(failed)).toEqual([])
    const odd = await env.ask('step', { text: '<tool_call>{"name": "code_image_tool"' })
    expect(odd.data.observation?.['text']).toContain('is not closed by </tool_call>')
    await env.ask('step', { code: UPRIGHT, image_index: 0 })
    const done = await env.ask('step', { code: UPRIGHT, image_index: 0 })
    expect(done.data).toMatchObject({
      done: true,
      observation: { stop: 'turn-limit', outcome: 'turn-limit' },
    })
  })

  test('is chosen by a seed, and by nothing in order', async () => {
    const env = await connect(await start({ tasks: await environmentTasks({ count: 5 }) }))
    const taskOf = async (data: object): Promise<unknown> => {
      const told = await env.ask('reset', data)
      return (told.data.observation?.['task'] as { index: number }).index
    }
    expect(await taskOf({})).toBe(0)
    expect(await taskOf({ seed: 11 })).toBe(await taskOf({ seed: 11 }))
    expect(await taskOf({})).toBe(1)
    expect(await taskOf({ task: 'key-4' })).toBe(4)
  })

  test('takes a turn once, however often it is sent under its call id', async () => {
    const env = await connect(await start())
    await env.ask('reset', { task: 1 })
    const turn = { text: call(UPRIGHT), call_id: 'a' }
    const first = await env.ask('step', turn)
    expect(await env.ask('step', turn)).toEqual(first)
    expect((await env.ask('state')).data).toMatchObject({ step_count: 1 })
    expect((await env.ask('step', { text: call(UPRIGHT), call_id: 'step-2' })).type).toBe('observation')
    expect((await env.ask('step', { text: call(UPRIGHT) })).data.observation).toMatchObject({ turns: 3 })
    const other = await env.ask('step', { text: 'something else', call_id: 'a' })
    expect(other.data).toMatchObject({ code: 'SESSION_ERROR', detail: 'call_id_reused' })
  })

  test.each([
    ['{', 'INVALID_JSON', 'Expected one JSON object'],
    ['{"type": "rest"}', 'UNKNOWN_TYPE', 'expected one of reset, step, state, close, got "rest"'],
    ['[1]', 'UNKNOWN_TYPE', 'got [1] without one'],
    ['{"type": "step"}', 'VALIDATION_ERROR', '`data` is missing'],
    ['{"type": "step", "data": {}}', 'VALIDATION_ERROR', 'expected `text`'],
    ['{"type": "step", "data": {"text": 5}}', 'VALIDATION_ERROR', '`data.text`: expected string, got 5'],
    ['{"type": "step", "data": {"cod": "x"}}', 'VALIDATION_ERROR', 'did you mean `code`?'],
    ['{"type": "reset", "data": {"task": 9}}', 'VALIDATION_ERROR', 'expected a place from 0 to 4, got 9'],
    ['{"type": "reset", "data": {"task": "x"}}', 'VALIDATION_ERROR', 'got "x"'],
    ['{"type": "reset", "data": {"seed": -1}}', 'VALIDATION_ERROR', '`data.seed`'],
  ])('survives the wrong message %s', async (text, code, message) => {
    const env = await connect(await start())
    expect((await env.ask('step', { text: 'early' })).data).toMatchObject({ code: 'SESSION_ERROR' })
    await env.ask('reset', { task: 0 })
    const told = await env.send(text)
    expect(told.type).toBe('error')
    expect(told.data.code).toBe(code)
    expect(told.data.message).toContain(message)
    expect((await env.ask('step', { text: answer('word 0') })).data).toMatchObject({ done: true })
  })

  test('ends with its connection, and is refused to pages in a browser', async () => {
    const { service, client } = await start()
    const env = await connect({ service })
    await env.ask('reset', { task: 0, episode_id: 'mine' })
    const other = await connect({ service })
    expect((await other.ask('reset', { task: 0, episode_id: 'mine' })).data.code).toBe('SESSION_ERROR')
    expect(await metric(client, 'codevision_sessions_open')).toBe(1)
    await env.close()
    await until(async () => (await metric(client, 'codevision_sessions_open')) === 0)
    await expect(
      OpenEnvClient.connect({ url: service.url, headers: { origin: 'http://evil.example' } }),
    ).rejects.toThrow('403')
  })

  test('is not left behind by a client that goes while it is begun', async () => {
    const { service, client } = await start()
    const env = await connect({ service })
    env.socket.send('{"type": "reset"}')
    await new Promise((resolve) => setTimeout(resolve, 5))
    env.socket.terminate()
    const begun = 'codevision_episodes_begun_total{face="openenv"}'
    await until(async () => (await metric(client, begun)) === 1)
    await until(async () => (await metric(client, 'codevision_sessions_open')) === 0)
  })

  test('keeps its place when it is begun anew, is gone with its lease, and has no turns left at its end', async () => {
    let now = 0
    const { service } = await start({
      limits: { sessions: 1, sessionsPerClient: 1 },
      ...{ leaseMs: 1_000, now: () => now },
    })
    const env = await connect({ service })
    expect((await env.ask('reset', { task: null, seed: null })).type).toBe('observation')
    expect((await env.ask('reset', { task: 1, episode_id: 'mine' })).type).toBe('observation')
    expect((await env.ask('reset', { task: 2, episode_id: 'mine' })).type).toBe('observation')
    await env.ask('step', { text: answer('word 2') })
    expect((await env.ask('state')).data).toMatchObject({ done: true, turns_left: 0 })
    now = 2_000
    const gone = await env.ask('step', { text: 'late' })
    expect(gone.data).toMatchObject({ code: 'SESSION_ERROR', detail: 'episode_ended' })
    expect(gone.data.message).toContain('reset')
    expect((await env.ask('state')).data).toMatchObject({ episode_id: null })
    expect((await env.send('{"type": "reset", "data": null}')).type).toBe('observation')
  })

  describe('whose client answers no ping', () => {
    /** Of a program that computes in its event loop, or of a machine that vanished. */
    async function silent({ service }: { service: EnvironmentService }) {
      const socket = new WebSocket(`${service.url.replace(/^http/, 'ws')}/ws`, { autoPong: false })
      const closed = new AbortController()
      const { signal } = closed
      socket.once('close', () => closed.abort())
      await once(socket, 'open', { signal })
      const ask = async (type: string, data: object): Promise<Told> => {
        socket.send(JSON.stringify({ type, data }))
        const [told] = (await once(socket, 'message', { signal })) as [Buffer]
        return JSON.parse(told.toString()) as Told
      }
      const pings = async (count: number): Promise<void> => {
        for (let ping = 0; ping < count; ping++) await once(socket, 'ping', { signal })
      }
      return { socket, ask, pings }
    }

    test('goes on, as long as its lease', async () => {
      let now = 0
      const env = await silent(await start({ leaseMs: 1_000, pingEveryMs: 5, now: () => now }))
      await env.ask('reset', { task: 2 })
      await env.pings(3)
      now = 900
      await env.pings(3)
      expect((await env.ask('step', { text: call(UPRIGHT) })).data).toMatchObject({ done: false })
      now = 1_800
      await env.pings(3)
      expect((await env.ask('step', { text: answer('word 2') })).data).toMatchObject({ done: true })
      env.socket.terminate()
    })

    test('is gone after that', async () => {
      let now = 0
      const { service, client } = await start({ leaseMs: 1_000, pingEveryMs: 5, now: () => now })
      const env = await silent({ service })
      await env.ask('reset', { task: 2 })
      await env.pings(1)
      now = 1_000
      const [code] = (await once(env.socket, 'close')) as [number]
      expect(code).toBe(1006)
      await until(async () => (await metric(client, 'codevision_sessions_open')) === 0)
    })
  })

  test('whose lease ended before its client went leaves nothing to be told', async () => {
    let now = 0
    const lines: string[] = []
    const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
    const { service, client } = await start({ leaseMs: 1_000, now: () => now, logger })
    const env = await connect({ service })
    await env.ask('reset', { task: 0 })
    now = 2_000
    env.socket.terminate()
    await until(async () => lines.some((line) => line.includes('connection closed')))
    expect(lines.filter((line) => line.includes('connection failed'))).toEqual([])
    expect(await metric(client, 'codevision_sessions_open')).toBe(0)
  })

  test('outlives messages that are nested deeper than can be written again', async () => {
    const env = await connect(await start())
    await env.ask('reset', { task: 0 })
    const deep = '['.repeat(6_000) + ']'.repeat(6_000)
    for (const text of [
      deep,
      `{"type": ${deep}}`,
      `{"type": "step", "data": {"tool_calls": [{"name": "code_image_tool", "arguments": {"code": ${deep}}}]}}`,
    ])
      expect((await env.send(text)).data).toMatchObject({ code: 'VALIDATION_ERROR', detail: 'bad_request' })
    expect((await env.ask('step', { text: call(UPRIGHT) })).type).toBe('observation')
  })

  test('is open to a token in the address, as clients without headers have it', async () => {
    const { service } = await start({ tokens: [{ client: 'trainer', token: 'a-long-secret' }] })
    await expect(OpenEnvClient.connect({ url: service.url })).rejects.toThrow('401')
    const wrong = Buffer.from('any:other-secret').toString('base64')
    await expect(
      OpenEnvClient.connect({ url: service.url, headers: { authorization: `Basic ${wrong}` } }),
    ).rejects.toThrow('401')
    const basic = Buffer.from('any:a-long-secret').toString('base64')
    const env = await OpenEnvClient.connect({
      url: service.url,
      headers: { authorization: `Basic ${basic}` },
    })
    connections.push(env)
    expect((await env.ask('reset', {})).type).toBe('observation')
  })

  test('gets its answer when the service ends meanwhile, and then a goodbye', async () => {
    const { service } = await start()
    const env = await connect({ service })
    await env.ask('reset', { task: 0 })
    const idle = await connect({ service })
    const step = env.ask('step', { code: `import time\ntime.sleep(0.5)\n${UPRIGHT}` })
    await new Promise((resolve) => setTimeout(resolve, 100))
    const drained = service.drain({ graceMs: 20_000 })
    expect((await step).data.observation?.['text']).toContain('is the result')
    expect(await env.closed).toBe(1001)
    expect(await idle.closed).toBe(1001)
    await drained
  })
})

describe('OpenEnv over HTTP', () => {
  test('has the documents that its tools ask for, and episodes of one request', async () => {
    const { client } = await start()
    expect((await client.ask('GET', '/health')).json).toEqual({ status: 'healthy' })
    expect((await client.ask('GET', '/metadata')).json).toMatchObject({ name: 'codevision' })
    const { json: schema } = await client.ask('GET', '/schema')
    expect(Object.keys(schema)).toEqual(['action', 'observation', 'state'])
    const { json: openapi } = await client.ask('GET', '/openapi.json')
    expect(Object.keys(openapi['paths'] as object)).toEqual(
      expect.arrayContaining(['/reset', '/step', '/state']),
    )
    expect((await client.ask('POST', '/mcp', { body: {} })).json).toMatchObject({ jsonrpc: '2.0' })
    const reset = await client.ask('POST', '/reset', { body: { task: 3 } })
    expect(reset.json).toMatchObject({ done: false, observation: { task: { index: 3 } } })
    for (const nothing of [{}, { text: '' }])
      expect((await client.ask('POST', '/reset', nothing)).json).toMatchObject({ done: false })
    const stepped = await client.ask('POST', '/step', {
      body: { task: 3, action: { text: answer('word 3') } },
    })
    expect(stepped.json).toMatchObject({ done: true, reward: 1.1 })
    const unnamed = await client.ask('POST', '/step', { body: { action: { text: 'x' } } })
    expect([unnamed.status, errorOf(unnamed).code]).toEqual([422, 'no_task'])
    expect((await client.ask('GET', '/state')).json).toMatchObject({ episode_id: null, tasks: 5 })
    expect(await metric(client, 'codevision_sessions_open')).toBe(0)
  })
})

describe('a resources server of NeMo-Gym', () => {
  const row = { responses_create_params: { input: [] }, task: 1, _ng_rollout_index: 0 }
  const output = [
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'it lies on its side' }] },
    asked({ code: UPRIGHT, description: 'upright', image_index: 0 }),
    { type: 'function_call_output', call_id: 'c', output: 'seen' },
    said('<think>so</think><answer>word 1</answer>'),
  ]

  function said(text: string): object {
    return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }
  }

  function asked(given: object, name = 'code_image_tool'): object {
    return { type: 'function_call', call_id: 'c', name, arguments: JSON.stringify(given) }
  }

  async function seed(client: ServiceClient, more: object = {}): Promise<Record<string, string>> {
    const seeded = await client.ask('POST', '/seed_session', { body: { ...row, ...more } })
    expect(seeded.status).toBe(200)
    return { cookie: cookieOf(seeded) }
  }

  function cookieOf({ headers }: Answer): string {
    return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  }

  test('is seeded with a row, runs the tool, and verifies with the texts that come at the end', async () => {
    const { client } = await start()
    const headers = await seed(client)
    const body = { code: UPRIGHT, description: 'upright', image_index: 0 }
    const tool = await client.ask('POST', '/code_image_tool', { headers, body })
    const [image, text] = tool.json['output'] as { type: string; image_url?: string; text?: string }[]
    expect(image?.image_url).toMatch(/^data:image\/png;base64,iVBOR/)
    expect(text).toEqual({ type: 'input_text', text: 'Image 1 (30 × 40 pixels) is the result.' })
    // Agents keep the cookies of the last answer only.
    expect(cookieOf(tool)).toBe(headers['cookie'])
    const verified = await client.ask('POST', '/verify', { headers, body: { ...row, response: { output } } })
    expect(verified.json).toMatchObject({
      ...{ _ng_rollout_index: 0, responses_create_params: { input: [] }, response: { output } },
      ...{ accuracy: 1, outcome: 'correct', reward_components: { mustUse: 1, r_fmt: 1 } },
    })
    expect(verified.json['reward']).toBeCloseTo(BEST, 9)
    const again = await client.ask('POST', '/verify', { headers, body: { ...row, response: { output } } })
    expect(again.json).toEqual(verified.json)
    const late = await client.ask('POST', '/code_image_tool', { headers, body })
    expect([late.status, errorOf(late).code]).toEqual([409, 'episode_over'])
  })

  test('is verified with all its pictures, as agents send them back, where the limit lets them in', async () => {
    const { client } = await start({ limits: { bodyBytes: LONGEST_TEXT_BYTES } })
    const pictures = { type: 'function_call_output', call_id: 'c', output: 'A'.repeat(66 << 20) }
    const body = { ...row, response: { output: [asked({ code: UPRIGHT }), pictures, said('none')] } }
    const answer = await client.ask('POST', '/verify', { headers: await seed(client), body })
    expect([answer.status, answer.json['outcome']]).toEqual([200, 'wrong'])
  })

  test('tells what is wrong with a call as text, and what is wrong with a request as an error', async () => {
    const { client } = await start()
    const headers = await seed(client, { images: 'none' })
    const empty = await client.ask('POST', '/code_image_tool', { headers, body: { code: 5 } })
    expect(empty.json['output']).toContain('"code" must be text that holds Python code')
    const ran = await client.ask('POST', '/code_image_tool', { headers, body: { code: UPRIGHT } })
    expect(ran.json['output']).toContain('is the result')
    const bare = await client.ask('POST', '/code_image_tool', { body: { code: UPRIGHT } })
    expect([bare.status, errorOf(bare).code]).toEqual([400, 'no_session_cookie'])
    const lost = await client.ask('POST', '/verify', {
      headers: { cookie: 'codevision_session=gone' },
      body: {},
    })
    expect(lost.status).toBe(404)
    const wrong = await client.ask('POST', '/verify', { headers, body: { response: { output: 1 } } })
    expect(errorOf(wrong).message).toContain('`response.output`')
    const cut = await client.ask('POST', '/verify', {
      headers,
      body: { ...row, response: { output: output.slice(0, 2) } },
    })
    expect(cut.json).toMatchObject({ outcome: 'truncated', accuracy: 0 })
  })

  test('ends a rollout whose last text asks for one more call, and scores one that the turn limit ended', async () => {
    const { client } = await start({ agent: { ...agent, limits: { turns: 2 } } })
    const asking = await seed(client)
    const last = [{ type: 'message', role: 'assistant', content: call(UPRIGHT) }]
    const body = { ...row, response: { output: last } }
    expect((await client.ask('POST', '/verify', { headers: asking, body })).json).toMatchObject({
      ...{ accuracy: 0, outcome: 'truncated', reward_components: { mustUse: 0 } },
    })
    const used = await seed(client)
    await client.ask('POST', '/code_image_tool', { headers: used, body: { code: UPRIGHT } })
    expect((await client.ask('POST', '/verify', { headers: used, body })).json).toMatchObject({
      ...{ accuracy: 0, outcome: 'turn-limit', reward_components: { mustUse: 1 } },
    })
    const cut = await seed(client)
    await client.ask('POST', '/code_image_tool', { headers: cut, body: { code: UPRIGHT } })
    const incomplete = {
      ...row,
      response: { output: last, incomplete_details: { reason: 'max_output_tokens' } },
    }
    expect((await client.ask('POST', '/verify', { headers: cut, body: incomplete })).json).toMatchObject({
      outcome: 'truncated',
    })
    const headers = await seed(client)
    for (const expected of ['is the result', 'was not run: the rollout is over (turn-limit)']) {
      const { json } = await client.ask('POST', '/code_image_tool', { headers, body: { code: UPRIGHT } })
      expect(JSON.stringify(json)).toContain(expected)
    }
    const verified = await client.ask('POST', '/verify', { headers, body: { ...row, response: { output } } })
    expect(verified.json).toMatchObject({ outcome: 'turn-limit', reward_components: { mustUse: 1 } })
  })

  test('keeps the session of a rollout whose model asks for a tool that is none, or writes no JSON', async () => {
    const { client } = await start()
    const headers = await seed(client)
    const unknown = await client.ask('POST', '/zoom', { headers, body: { factor: 2 } })
    expect([unknown.status, cookieOf(unknown)]).toEqual([404, headers['cookie']])
    const broken = await client.ask('POST', '/code_image_tool', { headers, text: '{"code": NaN}' })
    expect([broken.status, cookieOf(broken)]).toEqual([400, headers['cookie']])
    const other = await seed(client, { id: 'other' })
    const again = await client.ask('POST', '/seed_session', { headers, body: { ...row, id: 'other' } })
    expect(again.headers['set-cookie']).toHaveLength(1)
    expect(cookieOf(again)).toBe(other['cookie'])
    expect(cookieOf(await client.ask('POST', '/zoom', { body: {} }))).toBe('')
    const body = { ...row, response: { output } }
    expect((await client.ask('POST', '/verify', { headers, body })).json).toMatchObject({ accuracy: 1 })
  })

  test('looks at the form of the text that stands beside the call that ran, and not beside one that did not', async () => {
    const { client } = await start()
    const headers = await seed(client)
    const given = { code: UPRIGHT, description: 'upright', image_index: 0 }
    const unknown = await client.ask('POST', '/zoom', { headers, body: given })
    const refused = { type: 'function_call_output', call_id: 'c', output: unknown.body.toString() }
    await client.ask('POST', '/code_image_tool', { headers, body: given })
    const [thought, ...rest] = output
    // A thought without an end.
    const written = [thought, asked(given, 'zoom'), refused, said('<think>it'), ...rest]
    const body = { ...row, response: { output: written } }
    expect((await client.ask('POST', '/verify', { headers, body })).json).toMatchObject({
      reward_components: { r_acc: 1, r_fmt: 0, mustUse: 1 },
    })
  })

  test('takes what the model writes as call_id for an argument, which names no call', async () => {
    const { client } = await start()
    const headers = await seed(client)
    const given = { code: UPRIGHT, call_id: 'finish' }
    const first = await client.ask('POST', '/code_image_tool', { headers, body: given })
    expect(JSON.stringify(first.json)).toContain('Image 1')
    const turned = { code: 'result = image.rotate(180)', call_id: 'finish' }
    const second = await client.ask('POST', '/code_image_tool', { headers, body: turned })
    expect(JSON.stringify(second.json)).toContain('Image 2')
    const [thought, , , last] = output
    const written = [thought, asked(given), asked(turned), last]
    const body = { ...row, response: { output: written } }
    expect((await client.ask('POST', '/verify', { headers, body })).json).toMatchObject({
      ...{ accuracy: 1, reward_components: { r_fmt: 1 } },
    })
  })

  test('is seeded once by a row that is sent again before its first turn', async () => {
    const { client } = await start()
    const numbered = { _ng_task_index: 3, seed: null }
    const first = await seed(client, numbered)
    expect(await seed(client, numbered)).toEqual(first)
    expect(await seed(client, { ...numbered, _ng_rollout_index: 1 })).not.toEqual(first)
    expect(await seed(client, { ...numbered, task: 2 })).not.toEqual(first)
    await client.ask('POST', '/code_image_tool', { headers: first, body: { code: UPRIGHT } })
    expect(await seed(client, numbered)).not.toEqual(first)
    const named = await seed(client, { id: 'mine' })
    expect(named).toEqual({ cookie: 'codevision_session=mine' })
    expect(await seed(client, { id: 'mine' })).toEqual(named)
  })

  test('gives rows, and metrics of many rollouts', async () => {
    const { client } = await start()
    const { json } = await client.ask('GET', '/v1/tasks/2/nemo-gym')
    expect(await metric(client, 'codevision_episodes_begun_total{face="nemo-gym"}')).toBeNaN()
    expect(json).toMatchObject({
      task: 2,
      task_key: 'key-2',
      responses_create_params: {
        input: [
          { role: 'system' },
          {
            role: 'user',
            content: [{ type: 'input_image' }, { type: 'input_text', text: 'What is word 2?' }],
          },
        ],
        tools: [{ type: 'function', name: 'code_image_tool' }],
      },
    })
    const verify_responses = [1, 0, 2].map((reward, index) => ({ reward, _ng_task_index: index % 2 }))
    const metrics = await client.ask('POST', '/aggregate_metrics', { body: { verify_responses } })
    expect(metrics.json).toMatchObject({
      key_metrics: { 'mean/reward': 1 },
      group_level_metrics: [{ 'mean/reward': 1.5, _ng_task_index: 0 }, { 'mean/reward': 0 }],
    })
    const unknown = await client.ask('POST', '/aggregate_metrics', {
      body: { verify_responses: [{ reward: 1, _ng_task_index: 0 }, { reward: 0 }] },
    })
    expect([unknown.status, errorOf(unknown).message]).toEqual([
      400,
      expect.stringContaining('`verify_responses[1]._ng_task_index` is missing'),
    ])
    expect((await client.ask('GET', '/reverify_mode')).body.toString()).toBe('"unsupported"')
  })

  test.each(['environment-service.md', 'nemo-gym.md'])(
    'has its rows written by the command of %s, which leaves out a task that has none',
    async (page) => {
      const over = await environmentTasks({ count: 3, truncated: [1] })
      const { service } = await start({ tasks: over })
      const text = await readFile(new URL(`../docs/${page}`, import.meta.url), 'utf8')
      const command = text.match(/^ {4}tasks=.*\n {4}for n in .*$/m)?.[0] ?? ''
      const here = command.replace(/localhost:\d+/g, service.url).replace('> rows.jsonl', '')
      const { stdout, stderr } = await promisify(execFile)('bash', ['-c', here])
      const rows = stdout.trimEnd().split('\n')
      expect(rows.map((row) => (JSON.parse(row) as { task: unknown }).task)).toEqual([0, 2])
      expect(stderr).toBe('no row of task 1\n')
    },
  )
})

describe('plain HTTP', () => {
  test('has episodes and sessions over images side by side', async () => {
    const { client } = await start()
    const opened = await client.ask('POST', '/v1/sessions', { body: { id: 'r', task: 0 } })
    expect(opened).toMatchObject({
      status: 201,
      json: { session_id: 'r', images: [{ width: 40, height: 30 }] },
    })
    const again = await client.ask('POST', '/v1/sessions', { body: { id: 'r', task: 0 } })
    expect([again.status, again.json['observation']]).toEqual([200, opened.json['observation']])
    const other = await client.ask('POST', '/v1/sessions', { body: { id: 'r', task: 1 } })
    expect([other.status, errorOf(other).code]).toEqual([409, 'session_exists'])
    const asked = { call_id: 'a', code: UPRIGHT, image_index: 0 }
    const executed = await client.execute('r', asked)
    expect(executed.json).toMatchObject({
      text: 'Image 1 (30 × 40 pixels) is the result.',
    })
    expect(executed.json).toMatchObject({ status: 'ok', image: { index: 1, width: 30, height: 40 } })
    expect((await client.execute('r', asked)).json).toEqual(executed.json)
    const image = await client.ask('GET', '/v1/sessions/r/images/1')
    expect(image.body.subarray(1, 4).toString()).toBe('PNG')
    const done = await client.ask('POST', '/v1/sessions/r/step', {
      body: { call_id: 'b', text: answer('word 0') },
    })
    expect(done.json).toMatchObject({ call_id: 'b', done: true })
    expect(done.json['reward']).toBeCloseTo(BEST, 9)

    const file = ((opened.json['observation'] as { images: { data: string }[] }).images[0]?.data ??
      '') as string
    expect((await client.open('p', [file])).status).toBe(201)
    expect((await client.execute('p', asked)).json).toMatchObject({ status: 'ok' })
    const mixed = await client.ask('POST', '/v1/sessions/p/step', { body: { call_id: 'c', text: 'x' } })
    expect([mixed.status, errorOf(mixed).code]).toEqual([409, 'no_episode'])
    expect((await client.ask('DELETE', '/v1/sessions/r')).status).toBe(204)
    expect((await client.ask('GET', '/v1/sessions/r')).status).toBe(404)
  })

  test('ends an episode whose calls came alone with the text of the whole rollout, as a trainer decodes it', async () => {
    const { client } = await start()
    await client.ask('POST', '/v1/sessions', { body: { id: 'r', task: 0 } })
    const tool_calls = [{ name: 'code_image_tool', arguments: { code: UPRIGHT, image_index: 0 } }]
    const step = await client.ask('POST', '/v1/sessions/r/step', { body: { call_id: 'a', tool_calls } })
    const { text: told } = step.json['observation'] as { text: string }
    const text = `look</think>\n<tool_call>{}</tool_call>\nuser\n<tool_response>\n${told}\n</tool_response>\nassistant\nso</think><answer>word 0</answer>`
    const body = { text, opening: '<think>' }
    const finished = await client.ask('POST', '/v1/sessions/r/finish', { body })
    expect(finished.json).toMatchObject({
      ...{ outcome: 'correct', stop: 'answer', calls: 1 },
      reward_parts: { r_acc: 1, r_fmt: 1, mustUse: 1, exact: 1 },
    })
    expect(finished.json['reward']).toBeCloseTo(BEST, 9)
    expect((await client.ask('POST', '/v1/sessions/r/finish', { body })).json).toEqual(finished.json)
  })

  test('ends an episode however few calls and images a session may have', async () => {
    const { client } = await start({ limits: { imagesPerSession: 1, callsPerSession: 1 } })
    const view = { min_pixels: 100, max_pixels: 200 }
    const ended = async (id: string, calls: readonly string[], last: string): Promise<Answer> => {
      await client.ask('POST', '/v1/sessions', { body: { id, task: 0 } })
      for (const call_id of calls)
        expect((await client.execute(id, { call_id, code: UPRIGHT, view })).json).toMatchObject({
          status: 'ok',
        })
      const asking = calls.map(() => call(UPRIGHT))
      return client.ask('POST', `/v1/sessions/${id}/finish`, { body: { asking, last } })
    }
    expect(await ended('answered', ['a', 'b', 'c'], answer('word 0'))).toMatchObject({
      ...{ status: 200, json: { outcome: 'correct', calls: 3 } },
    })
    // One call more, which nobody is told of.
    expect(await ended('cut', ['a', 'b'], call(UPRIGHT))).toMatchObject({
      ...{ status: 200, json: { outcome: 'truncated', calls: 2 } },
    })
  })

  test('refuses more texts than an episode has calls, and then ends it as it should', async () => {
    const { client } = await start()
    await client.ask('POST', '/v1/sessions', { body: { id: 'r', task: 0 } })
    await client.execute('r', { call_id: 'a', code: UPRIGHT })
    const finish = (asking: string[]) =>
      client.ask('POST', '/v1/sessions/r/finish', { body: { asking, last: answer('word 0') } })
    for (const ends of [false, true]) {
      const refused = await finish(['<think>a</think>', 'b', 'c'])
      expect([refused.status, errorOf(refused)]).toEqual([
        400,
        expect.objectContaining({
          code: 'bad_request',
          message: expect.stringContaining('asking: expected at most 1 text'),
        }),
      ])
      if (!ends)
        expect((await finish(['<think>a</think>'])).json).toMatchObject({ outcome: 'correct', calls: 1 })
    }
  })

  test.each([
    [
      'many calls',
      Array(70).fill({ name: 'code_image_tool', arguments: { code: UPRIGHT } }),
      '70 tool calls',
    ],
    [
      'a call of a tool with a long name',
      [{ name: 'x'.repeat(300), arguments: '{}' }],
      'there is no tool "xxx',
    ],
  ])('tells a model that wrote %s what is wrong, as of every call', async (_, tool_calls, told) => {
    const { client } = await start()
    await client.ask('POST', '/v1/sessions', { body: { id: 'r', task: 0 } })
    const { json } = await client.ask('POST', '/v1/sessions/r/step', { body: { call_id: 'a', tool_calls } })
    expect(json).toMatchObject({ done: false, observation: { text: expect.stringContaining(told) } })
  })

  test('ends an episode whatever ids its calls have', async () => {
    const { client } = await start()
    await client.ask('POST', '/v1/sessions', { body: { id: 'r', task: 0 } })
    for (const id of ['finish', 'finish-end'])
      expect((await client.execute('r', { call_id: id, code: UPRIGHT })).json).toMatchObject({ status: 'ok' })
    // It asks for one more call, which ends the episode without an answer.
    const body = { asking: ['', ''], last: call(UPRIGHT) }
    const finished = await client.ask('POST', '/v1/sessions/r/finish', { body })
    expect(finished).toMatchObject({ status: 200, json: { outcome: 'truncated', calls: 2 } })
  })

  test.each([
    ['a call', call(UPRIGHT), 'turn-limit'],
    ['a call of a tool that is none', '<tool_call>{"name": "x", "arguments": {}}</tool_call>', 'turn-limit'],
    ['a call that is cut off', '<tool_call>{"name": "co', 'truncated'],
    ['nothing', '', 'truncated'],
  ])(
    'a rollout whose turns are used up and that ends with %s ends as one of a training, for the same reward',
    async (_, last, outcome) => {
      const ended = []
      for (const turns of [2, 12]) {
        const { client } = await start({ agent: { ...agent, limits: { turns } } })
        for (const id of ['texts', 'whole', 'cut']) {
          await client.ask('POST', '/v1/sessions', { body: { id, task: 0 } })
          await client.execute(id, { call_id: 'a', code: UPRIGHT })
        }
        const told = 'Image 1 (30 × 40 pixels) is the result.'
        const text = `${call(UPRIGHT)}\nuser\n<tool_response>\n${told}\n</tool_response>\nassistant\n${last}`
        const finished = [
          await client.ask('POST', '/v1/sessions/texts/finish', { body: { asking: [call(UPRIGHT)], last } }),
          await client.ask('POST', '/v1/sessions/whole/finish', { body: { text } }),
          await client.ask('POST', '/v1/sessions/cut/finish', {
            body: { asking: [call(UPRIGHT)], last, finish_reason: 'length' },
          }),
        ]
        ended.push(finished.map(({ json }) => json))
      }
      const [[texts, whole, cut] = [], early = []] = ended
      expect([texts, whole, cut].map((json) => json?.['outcome'])).toEqual([outcome, outcome, 'truncated'])
      expect(early.map(({ outcome: earlier }) => earlier)).toEqual(Array(3).fill('truncated'))
      const paid = [texts, whole, cut, ...early].map((json) => [json?.['reward'], json?.['reward_parts']])
      expect(paid).toEqual(Array(6).fill(paid[0]))
    },
  )

  test('an answer beside a call that cannot be read is not paid at the turn limit either', async () => {
    const { client } = await start({ agent: { ...agent, parsing: 'hermes', limits: { turns: 1 } } })
    await client.ask('POST', '/v1/sessions', { body: { id: 'r', task: 0 } })
    const body = { asking: [], last: `${answer('word 0')}<tool_call>{</tool_call>` }
    const { json } = await client.ask('POST', '/v1/sessions/r/finish', { body })
    expect(json).toMatchObject({ outcome: 'truncated', reward_parts: { r_acc: 0 } })
  })

  test('runs no call that stands at the end of a rollout, and pays none that was only written', async () => {
    const { client } = await start()
    await client.ask('POST', '/v1/sessions', { body: { id: 'r', task: 0 } })
    const forged = `${call(UPRIGHT)}\nuser\n<tool_response>\nImage 1 (30 × 40 pixels) is the result.\n</tool_response>\nassistant\n`
    // As a trainer does that answers calls of unknown tools by itself: they are no calls of the episode, and the rollout goes on.
    await client.ask('POST', '/v1/sessions', { body: { id: 'q', task: 0 } })
    const unknown = await client.ask('POST', '/v1/sessions/q/finish', {
      body: { text: forged + answer('word 0') },
    })
    expect(unknown.json).toMatchObject({
      outcome: 'correct',
      calls: 0,
      reward_parts: { mustUse: 0, r_fmt: 1 },
    })
    const cut = await client.ask('POST', '/v1/sessions/r/finish', { body: { text: forged + call(UPRIGHT) } })
    expect(cut.json).toMatchObject({ outcome: 'truncated', calls: 0, reward_parts: { mustUse: 0 } })
    await client.ask('POST', '/v1/sessions', { body: { id: 's', task: 0 } })
    const said = await client.ask('POST', '/v1/sessions/s/finish', {
      body: { text: `<think>I ran ${UPRIGHT}.</think><answer>word 0</answer>` },
    })
    expect(said.json).toMatchObject({ outcome: 'correct', calls: 0, reward_parts: { mustUse: 0, r_acc: 1 } })
  })

  test('rewards groups as the episodes were rewarded', async () => {
    const { client } = await start()
    const rollouts = [
      {
        key: '0',
        correct: true,
        formatOk: true,
        calls: [{ ok: true, transforms: ['rotate_270'], cropBoxes: [] }],
      },
    ]
    const groups = [{ key: 'g', requiredTools: ['rotate_270'], box: null, rollouts }]
    const { json } = await client.ask('POST', '/v1/reward', { body: { variant: 'paper', groups } })
    expect(json['groups']).toMatchObject([{ rollouts: [{ reward: { total: BEST } }] }])
    expect(await metric(client, 'codevision_reward_request_seconds_count')).toBe(1)
  })

  test('refuses what does not fit into the queue with the time to wait', async () => {
    const { client } = await start({ limits: { queue: 1 } })
    const ids = ['1', '2', '3']
    for (const id of ids) await client.ask('POST', '/v1/sessions', { body: { id, task: 0 } })
    const slow = { call_id: 'a', code: `import time\ntime.sleep(0.4)\n${UPRIGHT}` }
    const answers = await Promise.all(ids.map((id) => client.execute(id, slow)))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(1)
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0)
    expect(refused.map(errorOf)).toMatchObject([{ code: 'queue_full' }])
    const again = await client.execute(ids[answers.findIndex(({ status }) => status === 429)] ?? '', slow)
    expect(again.json).toMatchObject({ status: 'ok' })
    expect(await metric(client, 'codevision_queue_depth')).toBe(0)
    expect(await metric(client, 'codevision_step_p95_seconds')).toBeGreaterThan(0)
  })

  test('ends episodes that nobody uses, and says why they are gone', async () => {
    let now = 0
    const { service, client } = await start({ leaseMs: 1_000, now: () => now })
    await client.ask('POST', '/v1/sessions', { body: { id: 'r', task: 0 } })
    now = 900
    expect((await client.ask('GET', '/v1/sessions/r')).status).toBe(200)
    now = 2_000
    service.sweep()
    const gone = await client.execute('r', { call_id: 'a', code: UPRIGHT })
    expect([gone.status, errorOf(gone).code]).toEqual([404, 'no_such_session'])
    expect(await metric(client, 'codevision_sessions_expired_total')).toBe(1)
  })

  test('lets episodes that are over make room', async () => {
    const { client } = await start({ limits: { sessions: 1, sessionsPerClient: 1 } })
    await client.ask('POST', '/v1/sessions', { body: { id: '1', task: 0 } })
    expect((await client.ask('POST', '/v1/sessions', { body: { id: '2', task: 0 } })).status).toBe(429)
    await client.ask('POST', '/v1/sessions/1/step', { body: { call_id: 'a', text: answer('x') } })
    expect((await client.ask('POST', '/v1/sessions', { body: { id: '2', task: 0 } })).status).toBe(201)
  })

  test('is healthy where code runs', async () => {
    const { client } = await start()
    expect((await client.ask('GET', '/healthz')).json).toMatchObject({ status: 'ok' })
    const { json } = await client.ask('GET', '/v1/schema')
    expect(Object.keys(json)).toEqual(expect.arrayContaining(['GET /ws', 'POST /verify', 'POST /v1/reward']))
  })
})

describe('an episode that is over', () => {
  const noise =
    'import numpy, PIL.Image\nresult = PIL.Image.fromarray(numpy.random.default_rng(1).integers(0, 256, (200, 300, 3), dtype=numpy.uint8))'
  const end = { call_id: 'end', text: answer('x') }
  const held = (client: ServiceClient): Promise<number> => metric(client, 'codevision_image_bytes_held')

  test('answers again what it answered, the image of a call included, and is told as done', async () => {
    const { client } = await start()
    const begun = await client.ask('POST', '/v1/sessions', { body: { id: 'r', task: 0 } })
    const step = { call_id: 'a', text: call(UPRIGHT) }
    const stepped = await client.ask('POST', '/v1/sessions/r/step', { body: step })
    const executed = await client.execute('r', { call_id: 'b', code: noise, return: 'pixels' })
    expect(executed.json).toMatchObject({ status: 'ok' })
    const done = await client.ask('POST', '/v1/sessions/r/step', { body: end })
    expect(done.json).toMatchObject({ done: true })
    expect((await client.ask('POST', '/v1/sessions/r/step', { body: step })).json).toEqual(stepped.json)
    const again = await client.execute('r', { call_id: 'b', code: noise, return: 'pixels' })
    expect(again.json).toEqual(executed.json)
    expect((await client.ask('POST', '/v1/sessions/r/step', { body: end })).json).toEqual(done.json)
    const found = await client.ask('POST', '/v1/sessions', { body: { id: 'r', task: 0 } })
    expect(found.json).toMatchObject({ done: true, reward: done.json['reward'] })
    expect(found.json['observation']).toEqual(begun.json['observation'])
  })

  test('counts the files it remembers, and gives them up where memory is needed', async () => {
    const { client } = await start({ limits: { heldBytes: 500_000 } })
    for (const id of ['1', '2', '3', '4']) {
      // One file of 180 kB, beside 180 kB of pixels while it runs.
      const opened = await client.ask('POST', '/v1/sessions', { body: { id, task: 0, seed: null } })
      expect(opened.status).toBe(201)
      expect((await client.execute(id, { call_id: 'a', code: noise })).json).toMatchObject({ status: 'ok' })
      expect((await client.ask('POST', `/v1/sessions/${id}/step`, { body: end })).status).toBe(200)
    }
    expect(await held(client)).toBeGreaterThan(180_000)
    expect(await held(client)).toBeLessThan(750_000)
    expect((await client.ask('GET', '/v1/sessions/1')).status).toBe(404)
    expect((await client.ask('GET', '/v1/sessions/4')).status).toBe(200)
  })
})

test('episodes go on where no other can be begun for memory, and so give it back', async () => {
  const { client } = await start({ limits: { heldBytes: 6_000 } })
  const begin = async (id: string): Promise<number> =>
    (await client.ask('POST', '/v1/sessions', { body: { id, task: 0 } })).status
  expect([await begin('1'), await begin('2'), await begin('3')]).toEqual([201, 201, 429])
  expect((await client.execute('1', { call_id: 'a', code: UPRIGHT })).json).toMatchObject({ status: 'ok' })
  const body = { call_id: 'end', text: answer('word 0') }
  for (const id of ['1', '2'])
    expect((await client.ask('POST', `/v1/sessions/${id}/step`, { body })).json).toMatchObject({ done: true })
  expect(await begin('3')).toBe(201)
})

describe('episodes that are begun at the same time', () => {
  const body = { task: null }
  const held = (client: ServiceClient): Promise<number> => metric(client, 'codevision_image_bytes_held')

  test('hold as much as they would one after the other, and of those that are refused nothing is left', async () => {
    const { client } = await start({ limits: { heldBytes: 6_000 } })
    const begun = await Promise.all(
      Array.from({ length: 5 }, () => client.ask('POST', '/v1/sessions', { body })),
    )
    const taken = begun.filter(({ status }) => status === 201)
    const refused = begun.filter(({ status }) => status !== 201)
    expect(taken).toHaveLength(2)
    for (const answer of refused) {
      expect([answer.status, errorOf(answer).code]).toEqual([429, 'images_full'])
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    }
    expect(sandbox.stats()).toMatchObject({ sessions: 2 })
    expect(await held(client)).toBeLessThan(12_000)
    expect(await metric(client, 'codevision_sessions_open')).toBe(2)
    expect(await metric(client, 'codevision_episodes_begun_total{face="http"}')).toBe(2)
    for (const { json } of taken) await client.ask('DELETE', `/v1/sessions/${json['session_id']}`)
    expect([await held(client), sandbox.stats().bytes]).toEqual([0, 0])
    // No task of the order was passed over.
    const places: unknown[] = taken.map(placeOf)
    for (let place = 0; place < 3; place++) {
      const next = await client.ask('POST', '/v1/sessions', { body })
      places.push(placeOf(next))
      await client.ask('DELETE', `/v1/sessions/${next.json['session_id']}`)
    }
    expect(places.sort()).toEqual([0, 1, 2, 3, 4])
  })

  test('are told when to come again over every face, and one that was taken is found when it is full', async () => {
    // The pixels of two fit, and of one only what it is told first.
    const { client, service } = await start({ limits: { heldBytes: 40 * 30 * 3 + 1 } })
    const open = await Promise.all(Array.from({ length: 3 }, () => connect({ service })))
    const resets = await Promise.all(open.map((env) => env.ask('reset', { task: 0 })))
    const full = resets.filter(({ type }) => type === 'error')
    expect(full).toHaveLength(2)
    for (const { data } of full)
      expect(data).toMatchObject({ code: 'CAPACITY_REACHED', detail: 'images_full', retry_after_s: 5 })
    await Promise.all(open.map((env) => env.close()))
    await until(async () => (await held(client)) === 0)

    const row = (id: string) => ({ responses_create_params: { input: [] }, task: 1, id })
    const seed = (id: string) => client.ask('POST', '/seed_session', { body: row(id) })
    const seeds = await Promise.all(['a', 'b', 'c'].map(seed))
    const isTaken = ({ status }: Answer): boolean => status === 200
    expect(seeds.filter(isTaken)).toHaveLength(1)
    expect(sandbox.stats()).toMatchObject({ sessions: 1 })
    const again = await Promise.all(['a', 'b', 'c'].map(seed))
    expect(again.map(isTaken)).toEqual(seeds.map(isTaken))
  })

  function placeOf({ json }: Answer): unknown {
    return (json['observation'] as { task: { index: number } }).task.index
  }
})

describe('an episode that does not go on', () => {
  test('is not scored where the machine lost it, and counts as failed', async () => {
    const own = await openSandboxPool({ runtime, concurrency: 1, standby: false })
    const { client } = await start({ sandbox: own })
    const row = { responses_create_params: { input: [] }, task: 1 }
    const seeded = await client.ask('POST', '/seed_session', { body: row })
    const headers = { cookie: seeded.headers['set-cookie']?.[0]?.split(';')[0] ?? '' }
    await own.close()
    const called = await client.ask('POST', '/code_image_tool', { headers, body: { code: UPRIGHT } })
    expect([called.status, errorOf(called).code]).toEqual([500, 'episode_lost'])
    const body = { ...row, response: { output: [] } }
    const verified = await client.ask('POST', '/verify', { headers, body })
    expect([verified.status, errorOf(verified).code]).toEqual([500, 'episode_lost'])
    expect(await metric(client, 'codevision_calls_total{status="failed",kind="none"}')).toBe(1)
  })

  /** A judge that never answers, and how often it was asked. */
  function hangingJudge(): {
    scoring: Required<NonNullable<Parameters<typeof start>[0]>>['scoring']
    asked: () => number
  } {
    let asked = 0
    const judge: Judge = {
      model: 'hanging',
      check: () => Promise.resolve(),
      judge: () => {
        asked += 1
        return new Promise<never>(() => undefined)
      },
    }
    const reward = rewardSchema.parse({ variant: 'paper' })
    return {
      scoring: { scoring: { profile: 'codevision', judge }, scorer: 'none', reward },
      asked: () => asked,
    }
  }

  test('runs calls while the judge lets others wait', async () => {
    const { scoring, asked } = hangingJudge()
    const { client } = await start({ scoring, limits: { queue: 1 } })
    const ids = ['1', '2', '3', '4']
    for (const id of [...ids, 'r']) await client.ask('POST', '/v1/sessions', { body: { id, task: 0 } })
    const body = { call_id: 'a', text: answer('something that no rule decides') }
    const waiting = ids.map((id) => client.ask('POST', `/v1/sessions/${id}/step`, { body }))
    await until(async () => asked() === ids.length)
    expect(await metric(client, 'codevision_queue_depth')).toBe(0)
    expect((await client.execute('r', { call_id: 'a', code: UPRIGHT })).json).toMatchObject({ status: 'ok' })
    for (const id of ids) await client.ask('DELETE', `/v1/sessions/${id}`)
    for (const one of await Promise.all(waiting)) expect(one.status).toBeGreaterThanOrEqual(400)
  })

  test('does not keep the service from ending where the judge does not answer', async () => {
    const { scoring, asked: isAsked } = hangingJudge()
    const { service, client } = await start({ scoring })
    await client.ask('POST', '/v1/sessions', { body: { id: 'r', task: 0 } })
    const body = { call_id: 'a', text: answer('something that no rule decides') }
    const asked = client.ask('POST', '/v1/sessions/r/step', { body })
    await until(async () => isAsked() === 1)
    await service.drain({ graceMs: 1_000 })
    expect(errorOf(await asked).code).toBe('draining')
  })
})
