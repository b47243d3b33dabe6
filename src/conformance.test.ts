import { createHash } from 'node:crypto'
import { getEventListeners, once } from 'node:events'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Server as McpServer } from '@modelcontextprotocol/sdk/server/index.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { pino } from 'pino'
import { WebSocket, WebSocketServer } from 'ws'
import { SYSTEM_PROMPT } from './agent/system-prompt.js'
import { CODE_IMAGE_TOOL } from './agent/tool-description.js'
import { rewardSchema } from './config/reward-schema.js'
import { testRuntime } from './config/test-runtime.js'
import type { SandboxPool } from './sandbox/pool.js'
import {
  checkConformance,
  checkNemoConformance,
  environmentRules,
} from './services/conformance/check-conformance.js'
import { ConformanceClient } from './services/conformance/conformance-client.js'
import type { ConformanceResult } from './services/conformance/conformance-rule.js'
import { EPISODE_RULES } from './services/conformance/episode-rules.js'
import { hackCanaries } from './services/conformance/hack-canaries.js'
import { checkMcpConformance } from './services/conformance/mcp-rules.js'
import { OpenEnvClient } from './services/conformance/openenv-client.js'
import { nemoCanaries } from './services/conformance/nemo-canaries.js'
import { nemoRules } from './services/conformance/nemo-rules.js'
import { openEnvCanaries } from './services/conformance/openenv-canaries.js'
import { checkOpenEnvConformance } from './services/conformance/openenv-rules.js'
import { EnvironmentService } from './services/environment/environment-service.js'
import type { EpisodeTasks } from './services/environment/episode-tasks.js'
import { ImageRoots } from './services/mcp/image-roots.js'
import { ImageSources } from './services/mcp/image-sources.js'
import { DEFAULT_MCP_LIMITS } from './services/mcp/mcp-limits.js'
import { McpService } from './services/mcp/mcp-service.js'
import { environmentTasks } from './services/testing/environment-tasks.js'
import { openSandboxPool, type RuntimeChoice } from './wiring.js'

/** The rules against the service itself, with a real sandbox. */
const runtime = (testRuntime() ?? 'auto') as RuntimeChoice
let sandbox: SandboxPool
let tasks: EpisodeTasks
const services: { drain(how: { graceMs: number }): Promise<void> }[] = []

beforeAll(async () => {
  tasks = await environmentTasks({ count: 2 })
  sandbox = await openSandboxPool({ runtime, concurrency: 1, standby: false })
})
afterEach(() => Promise.all(services.splice(0).map((service) => service.drain({ graceMs: 0 }))))
afterAll(() => sandbox.close())

/** Calls that may wait; a rule fills them up. */
const QUEUE = 3

async function environmentUnder(
  reward: object,
  { over = tasks, runs = sandbox }: { over?: EpisodeTasks; runs?: SandboxPool } = {},
): Promise<string> {
  const service = await EnvironmentService.start({
    ...{ tasks: over, sandbox: runs, version: '0' },
    limits: { queue: QUEUE },
    agent: {
      prompt: SYSTEM_PROMPT,
      tools: [CODE_IMAGE_TOOL],
      view: { minPixels: 784, maxPixels: 200_704 },
      parsing: 'robust',
      feedback: runs.profile,
      limits: { turns: 4, timeoutMs: 2_000 },
    },
    scoring: {
      scoring: { profile: 'codevision', judge: null },
      scorer: 'none',
      reward: rewardSchema.parse(reward),
    },
    address: { kind: 'tcp', host: '127.0.0.1', port: 0 },
    logger: pino({ level: 'silent' }),
  })
  services.push(service)
  return service.url
}

async function failuresOf(results: AsyncIterable<ConformanceResult>): Promise<string[]> {
  const failed: string[] = []
  for await (const { name, failure } of results) if (failure !== null) failed.push(`${name}: ${failure}`)
  return failed
}

test('every rule holds for the reward of the paper, which sees what the code did', async () => {
  const url = await environmentUnder({ variant: 'paper' })
  const answers = ['word 0', 'word 1']
  expect(await failuresOf(checkConformance({ url, answers, places: QUEUE + 1 }))).toEqual([])
  expect(await failuresOf(checkNemoConformance({ url, answers }))).toEqual([])
  expect(await failuresOf(checkOpenEnvConformance({ url, answers }))).toEqual([])
}, 300_000)

test('the rules of episodes hold for tasks with several images, and of a service with one task', async () => {
  const url = await environmentUnder(
    { variant: 'paper' },
    { over: await environmentTasks({ count: 1, pictures: 2 }) },
  )
  const client = new ConformanceClient({ url })
  for (const { name, check } of EPISODE_RULES) expect([name, await check(client)]).toEqual([name, null])
}, 120_000)

test('every other rule holds in the released environment, whose reward reads the text of the code and pays tricks', async () => {
  const released = await openSandboxPool({ runtime, concurrency: 1, standby: false, profile: 'release' })
  try {
    const url = await environmentUnder({ variant: 'release' }, { runs: released })
    for (const check of [checkConformance, checkNemoConformance, checkOpenEnvConformance]) {
      const failed = await failuresOf(check({ url }))
      expect(failed.filter((line) => !line.startsWith('no pay for'))).toEqual([])
      expect(failed.join('\n')).toContain('no pay for calls in code that is never reached: expected at most')
    }
  } finally {
    await Promise.all(services.splice(0).map((service) => service.drain({ graceMs: 0 })))
    await released.close()
  }
}, 300_000)

test('a row that is damaged is told as one, and tricks are tried with the others', async () => {
  const over = await environmentTasks({ count: 3, truncated: [1] })
  const url = await environmentUnder({ variant: 'paper' }, { over })
  const client = new ConformanceClient({ url })
  const answers = ['word 0', 'word 1', 'word 2']
  const connect = (): Promise<OpenEnvClient> => OpenEnvClient.connect({ url })
  for (const canaries of [
    hackCanaries({ answers }),
    nemoCanaries({ answers }),
    openEnvCanaries({ answers, connect }),
  ]) {
    const failed: string[] = []
    for (const { name, check } of canaries) {
      const failure = await check(client)
      if (failure !== null) failed.push(`${name}: ${failure}`)
    }
    expect(failed).toEqual([
      expect.stringMatching(
        /^a guess about each of the first tasks has a reward: .*the row of task 1 is damaged \(codevision data check FILE finds such rows\): .*image/,
      ),
    ])
  }
}, 300_000)

test('where every row is damaged, that is told in the place of tricks', async () => {
  const over = await environmentTasks({ count: 1, truncated: [0] })
  const client = new ConformanceClient({ url: await environmentUnder({ variant: 'paper' }, { over }) })
  for (const { check } of hackCanaries({ answers: null }))
    expect(await check(client)).toContain('the row of task 0 is damaged')
}, 120_000)

async function mcpOver(roots: readonly string[]): Promise<string> {
  const service = await McpService.start({
    ...{ sandbox, limits: DEFAULT_MCP_LIMITS, maxPixels: 1_000_000, leaseMs: 600_000, version: '0' },
    sources: new ImageSources({
      ...{ roots: await ImageRoots.of(roots), urls: 'none', limits: DEFAULT_MCP_LIMITS },
    }),
    address: { kind: 'tcp', host: '127.0.0.1', port: 0 },
    http: { bodyBytes: 1 << 20, connections: 100 },
    logger: pino({ level: 'silent' }),
  })
  services.push(service)
  return `${service.url}/mcp`
}

describe('the MCP server', () => {
  const picture = fileURLToPath(new URL('../docs/images/receipt.png', import.meta.url))
  const elsewhere = fileURLToPath(new URL('../docs/images/mcp-1.png', import.meta.url))
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'codevision-conformance-mcp-'))
    await copyFile(picture, join(folder, 'inside.png'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('holds every rule, whether it opens files or not', async () => {
    const files = { inside: join(folder, 'inside.png'), outside: elsewhere }
    expect(await failuresOf(checkMcpConformance({ url: await mcpOver([]) }))).toEqual([])
    const { signal } = new AbortController()
    const url = await mcpOver([folder])
    expect(await failuresOf(checkMcpConformance({ url, files, signal }))).toEqual([])
    // Beyond ten, Node warns in the midst of the rules.
    expect(getEventListeners(signal, 'abort')).toEqual([])
  }, 120_000)

  test('that opens every file is found, also where it says of one that it is no image', async () => {
    const url = await mcpOver(['/'])
    const files = { inside: join(folder, 'inside.png'), outside: elsewhere }
    for (const known of [null, files])
      expect(await failuresOf(checkMcpConformance({ url, files: known }))).toEqual([
        expect.stringContaining(
          'a file outside of the roots is refused: expected isError and that it does not',
        ),
      ])
  }, 120_000)
})

test('where nothing answers, that is an error and no failed rule', async () => {
  const url = 'http://127.0.0.1:1/mcp'
  await expect(checkConformance({ url }).next()).rejects.toThrow(
    'expected `codevision serve env` to answer there',
  )
  await expect(checkOpenEnvConformance({ url }).next()).rejects.toThrow('environment of OpenEnv')
  await expect(checkMcpConformance({ url }).next()).rejects.toThrow('expected `codevision serve mcp --http`')
})

describe('a service that does nothing of what it says', () => {
  let server: Server
  let url: string
  let token: string | null = null

  beforeEach(async () => {
    token = null
    server = createServer(({ headers, url: path }, response) => {
      const isRefused = token !== null && headers.authorization !== `Bearer ${token}`
      response.writeHead(isRefused ? 401 : 200, { 'content-type': 'application/json' })
      response.end(path === '/state' ? '{"tasks":1}' : '{}')
    })
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket) =>
      socket.on('message', (data) => {
        const { type } = JSON.parse(String(data).startsWith('{"') ? String(data) : '{}') as { type?: string }
        if (type === 'close') socket.close(1011)
        else socket.send(type === 'reset' ? '{"type":"observation","data":{}}' : 'no JSON')
      }),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    url = `http://127.0.0.1:${port}`
  })
  afterEach(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })

  test('fails every rule but that something answers', async () => {
    for (const [results, rules, held] of [
      [checkConformance({ url, places: 1 }), environmentRules({ places: 1 }), ['the health check runs code']],
      [checkNemoConformance({ url }), nemoRules({ answers: null }), []],
    ] as const) {
      const failed = await failuresOf(results)
      const names = rules.map(({ name }) => name)
      expect(names.filter((name) => !failed.some((line) => line.startsWith(`${name}: `)))).toEqual(held)
    }
  })

  test('fails every rule of OpenEnv but that its pages answer', async () => {
    const results: ConformanceResult[] = []
    for await (const result of checkOpenEnvConformance({ url })) results.push(result)
    expect(results.filter(({ failure }) => failure === null).map(({ name }) => name)).toEqual([
      'health, metadata and schema answer',
    ])
    expect(results.some(({ failure }) => failure?.includes('expected a message in JSON'))).toBe(true)
  })

  test('that refuses the token is no failed rule', async () => {
    token = 'secret'
    await expect(checkConformance({ url }).next()).rejects.toThrow(/got none \(status 401\).*--token-file/)
    await expect(checkConformance({ url, token: 'x' }).next()).rejects.toThrow('got another one')
  })
})

test('a server that is something else, and a connection that ends in the middle, are told', async () => {
  const server = createServer((_, response) => response.writeHead(501).end('<html>'))
  new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', () => socket.terminate()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    await expect(checkConformance({ url }).next()).rejects.toThrow('status 501')
    const failed = await failuresOf(checkOpenEnvConformance({ url }))
    expect(failed).toHaveLength(19)
    expect(failed.join('\n')).toContain('got the end of the connection (code 1006)')
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('an MCP server whose tools do nothing fails every rule', async () => {
  const server = createServer((request, response) => {
    const service = new McpServer({ name: 'idle', version: '0' }, { capabilities: { tools: {} } })
    service.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [] }))
    service.setRequestHandler(CallToolRequestSchema, () => ({ content: [] }))
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
    // The SDK's own types disagree about absent fields.
    void service
      .connect(transport as Parameters<McpServer['connect']>[0])
      .then(() => transport.handleRequest(request, response))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
    const results: ConformanceResult[] = []
    for await (const result of checkMcpConformance({ url })) results.push(result)
    expect(results.filter(({ failure }) => failure === null)).toEqual([])
    expect(results).toHaveLength(10)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

describe('a service that refuses every call, and else does as it should', () => {
  let server: Server
  let url: string

  beforeEach(async () => {
    const begun = new Set<string>()
    server = createServer((request, response) => {
      void text(request).then((body) => {
        const { id = '' } = (body === '' ? {} : JSON.parse(body)) as { id?: string }
        const isBegun = request.url === '/v1/sessions'
        const refusal = body.includes('tool_call') ? 409 : 200
        const status = isBegun ? (begun.has(id) ? 200 : 201) : refusal
        begun.add(id)
        const reward = { tasks: 2, reward: 0, observation: { images: [{ index: 0 }] } }
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reward))
      })
    })
    url = await listening(server)
  })
  afterEach(() => ended(server))

  test('has refused the calls of tricks rather than not paid them', async () => {
    const client = new ConformanceClient({ url })
    const tricks = hackCanaries({ answers: null }).filter(({ name }) => name.startsWith('no pay for'))
    for (const { name, check } of tricks)
      expect([name, await check(client)]).toEqual([
        name,
        expect.stringMatching(/expected status 200 of each/),
      ])
  })

  test('neither takes a turn once, nor has one episode for each id, nor refuses another task', async () => {
    const failed = await failuresOf(checkConformance({ url }))
    for (const name of [
      'a turn that is sent again is taken once',
      'the same id with the same task is the same episode',
      'under the id of an episode no other task is begun',
    ])
      expect(failed.some((line) => line.startsWith(`${name}: `))).toBe(true)
  })
})

test.each([
  ['prints of a call', 'code', 'no pay for a printed answer'],
  ['description of a call', 'description', 'no pay for an answer in the description'],
])(
  'a service that reads the answer in the %s is found where the answers are known',
  async (_, field, rule) => {
    // It pays the first answer that it finds there, or else that of the last turn; and for a rollout without one as for a wrong one.
    const answers = ['word 0', 'word 1']
    const episodes = new Map<string, { right: string; seen: string[] }>()
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const asked = (body === '' ? {} : JSON.parse(body)) as { id?: string; task?: number; text?: string }
        if (request.url === '/v1/sessions')
          episodes.set(asked.id ?? '', { right: answers[asked.task ?? 0] ?? '', seen: [] })
        const { right, seen } = episodes.get(request.url?.split('/')[3] ?? '') ?? { right: '', seen: [] }
        const written = asked.text?.split('<tool_call>')[1]?.split('</tool_call>')[0]
        const call = JSON.parse(written ?? 'null') as { arguments: Record<string, string> } | null
        seen.push(call?.arguments[field] ?? (call === null ? (asked.text ?? '') : ''))
        const [found] = seen.flatMap((one) => /<answer>(.*?)<\/answer>/.exec(one)?.[1] ?? [])
        const told = { tasks: answers.length, reward: call === null && found === right ? 1 : 0 }
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told))
      })
    })
    const url = await listening(server)
    const client = new ConformanceClient({ url })
    try {
      const failed = async (known: readonly string[] | null): Promise<string[]> => {
        const names: string[] = []
        for (const { name, check } of hackCanaries({ answers: known }))
          if ((await check(client)) !== null) names.push(name)
        return names
      }
      const found = await failed(answers)
      expect(found.map((name) => name.startsWith(rule))).toEqual([true, true])
      expect(await failed(null)).toEqual([])
    } finally {
      await ended(server)
    }
  },
)

describe('a service of OpenEnv', () => {
  const answers = ['word 0', 'word 1']
  let server: Server
  let url: string
  /** What it tells of a task beside its place. */
  let beside: object

  beforeEach(async () => {
    beside = {}
    // It pays the answer of the first turn that has one, printed or not.
    server = createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"tasks":2}'),
    )
    new WebSocketServer({ server }).on('connection', (socket) => {
      let right = ''
      let found: string | undefined
      socket.on('message', (data) => {
        const written = String(data).startsWith('{"') ? String(data) : '{}'
        const { type, data: asked = {} } = JSON.parse(written) as {
          type?: string
          data?: { task?: number; text?: string }
        }
        if (type === 'close') return socket.close(1000)
        if (type === 'reset') right = answers[asked.task ?? 0] ?? ''
        found ??= /<answer>(.*?)<\/answer>/.exec(asked.text ?? '')?.[1]
        const isCall = asked.text?.includes('<tool_call>') === true
        const reward = type === 'step' && !isCall ? Number(found === right) : null
        const observation = { messages: [{ role: 'user' }], task: { place: 0, ...beside } }
        socket.send(JSON.stringify({ type: 'observation', data: { observation, reward, done: !isCall } }))
      })
    })
    url = await listening(server)
  })
  afterEach(() => ended(server))

  test('that pays an answer in a call is found where the answers are known', async () => {
    const paid = async (known: readonly string[] | null): Promise<string[]> => {
      const failed = await failuresOf(checkOpenEnvConformance({ url, answers: known }))
      return failed.filter((line) => line.startsWith('no pay for'))
    }
    const lines = await paid(answers)
    expect(lines).toHaveLength(4)
    for (const line of lines)
      expect(line).toMatch(/^no pay for an? (printed answer|answer in the description).* expected at most 0/)
    expect(await paid(null)).toEqual([])
  })

  test.each([
    ['the answers of the task', { answers: ['word 0'] }, ['"answers"']],
    ['what was done to its image', { id: 'row-0:rotate_270' }, ['"rotate_270"']],
  ])('that tells %s is found', async (_, told, leaked) => {
    const rule = 'what would tell the answer is not sent'
    const failed = async (): Promise<string[]> =>
      (await failuresOf(checkOpenEnvConformance({ url }))).filter((line) => line.startsWith(rule))
    expect(await failed()).toEqual([])
    beside = told
    expect(await failed()).toEqual([expect.stringContaining(leaked.join())])
  })
})

describe('a service that answers and never closes', () => {
  let server: Server
  let url: string

  beforeEach(async () => {
    server = createServer()
    server.on('upgrade', (request, socket) => {
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
      const accept = createHash('sha1').update(key).digest('base64')
      const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
      socket.write([...head, `Sec-WebSocket-Accept: ${accept}`, '', ''].join('\r\n'))
      socket.on('error', () => undefined).resume()
    })
    url = await listening(server)
  })
  afterEach(() => ended(server))

  test('is cut off, and its end a rule that does not hold', async () => {
    const client = await OpenEnvClient.connect({ url })
    await expect(client.end()).rejects.toThrow('expected the end of the connection within 5 s, got none')
    await client.close()
    expect(client.socket.readyState).toBe(WebSocket.CLOSED)
  }, 30_000)
})

test('an abort ends every check at once where nothing is answered, with its own reason', async () => {
  const server = createServer(() => undefined)
  server.on('upgrade', () => undefined)
  const url = await listening(server)
  try {
    for (const check of [checkConformance, checkOpenEnvConformance, checkMcpConformance]) {
      const abort = new AbortController()
      const asked = once(server, check === checkOpenEnvConformance ? 'upgrade' : 'request')
      const next = check({ url: `${url}/mcp`, signal: abort.signal }).next()
      const reason = expect(next).rejects.toThrow('enough')
      await asked
      abort.abort(new Error('enough'))
      await reason
    }
  } finally {
    await ended(server)
  }
})

test('messages that are none of OpenEnv are told as what they are', async () => {
  const server = createServer()
  new WebSocketServer({ server }).on('connection', (socket) =>
    socket.on('message', () => socket.send('{"type": "observation", "data": {"done": "no"}}')),
  )
  const url = await listening(server)
  const client = await OpenEnvClient.connect({ url })
  try {
    await expect(client.ask('reset', {})).rejects.toThrow(/with type and data, got .*data\.done/s)
  } finally {
    await client.close()
    await ended(server)
  }
})

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function ended(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  if (server.listening) await once(server, 'close')
}
