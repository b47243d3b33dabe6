import { request, type IncomingHttpHeaders } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { pino } from 'pino'
import sharp from 'sharp'
import { testRuntime } from './config/test-runtime.js'
import { SandboxError } from './core/errors.js'
import type { Sandbox } from './core/sandbox.js'
import { ImageRoots } from './services/mcp/image-roots.js'
import { ImageSources } from './services/mcp/image-sources.js'
import { DEFAULT_MCP_LIMITS, type McpLimits } from './services/mcp/mcp-limits.js'
import { McpService, type McpServiceParameters } from './services/mcp/mcp-service.js'
import { createSandbox, type RuntimeChoice } from './wiring.js'

/** The MCP server over real HTTP, with the SDK's own client and a real sandbox. */
const TURN = 'result = image.rotate(90, expand=True)'
const LOOP = 'while True: pass'

let sandbox: Sandbox
/** A picture of 40 × 30, red on the left and blue on the right, as base64. */
let picture: string
const services: McpService[] = []
const clients: Client[] = []

beforeAll(async () => {
  const half = { create: { width: 20, height: 30, channels: 3 as const, background: 'blue' } }
  picture = (
    await sharp({ create: { width: 40, height: 30, channels: 3, background: 'red' } })
      .composite([{ input: await sharp(half).png().toBuffer(), left: 20, top: 0 }])
      .png()
      .toBuffer()
  ).toString('base64')
  sandbox = await createSandbox({
    runtime: (testRuntime() ?? 'auto') as RuntimeChoice,
    concurrency: 2,
    // Longer than a test may take: what ends before was ended.
    limits: { timeoutMs: 120_000 },
    standby: false,
  })
})

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  await Promise.all(services.splice(0).map((service) => service.drain({ graceMs: 0 })))
})

afterAll(async () => {
  await sandbox.close()
})

async function start({
  limits: given = {},
  ...parameters
}: Partial<Omit<McpServiceParameters, 'limits'>> & {
  limits?: Partial<McpLimits>
} = {}): Promise<McpService> {
  const limits = { ...DEFAULT_MCP_LIMITS, ...given }
  const service = await McpService.start({
    ...{ sandbox, limits, maxPixels: 1_000_000, leaseMs: 600_000, version: '0' },
    sources: new ImageSources({ roots: await ImageRoots.of([]), urls: 'none', limits }),
    address: { kind: 'tcp', host: '127.0.0.1', port: 0 },
    http: { bodyBytes: 1 << 20, connections: 100 },
    logger: pino({ level: 'silent' }),
    ...parameters,
  })
  services.push(service)
  return service
}

async function connect(service: McpService, headers: Record<string, string> = {}): Promise<Connected> {
  const transport = new StreamableHTTPClientTransport(new URL(`${service.url}/mcp`), {
    requestInit: { headers },
  })
  const client = new Client({ name: 'test', version: '0' })
  clients.push(client)
  await client.connect(transport as Transport)
  return { client, transport }
}

interface Connected {
  client: Client
  transport: StreamableHTTPClientTransport
}

interface Told {
  isError: boolean
  text: string
  image: Buffer | null
}

async function call(
  { client }: Pick<Connected, 'client'>,
  name: string,
  given: Record<string, unknown> = {},
  options: Parameters<Client['callTool']>[2] = {},
): Promise<Told> {
  const { content, isError = false } = await client.callTool({ name, arguments: given }, undefined, options)
  const parts = content as { type: string; text?: string; data?: string }[]
  const data = parts.find(({ type }) => type === 'image')?.data
  return {
    isError: isError as boolean,
    text: parts.map(({ text = '' }) => text).join(''),
    image: data === undefined ? null : Buffer.from(data, 'base64'),
  }
}

const open = (to: Connected): Promise<Told> => call(to, 'open_image', { data: picture })
const run = (
  to: Connected,
  code: string,
  given: Record<string, unknown> = {},
  options: Parameters<Client['callTool']>[2] = {},
): Promise<Told> =>
  call(to, 'code_image_tool', { code, description: 'a test', image_index: 0, ...given }, options)

/** A square of pixels that no format makes shorter, as base64. */
async function noise(side: number): Promise<string> {
  const pixels = Buffer.alloc(side * side * 3)
  let state = 1
  for (const index of pixels.keys()) pixels[index] = (state = (state * 48271) % 2147483647) % 256
  const file = sharp(pixels, { raw: { width: side, height: side, channels: 3 } }).png()
  return (await file.toBuffer()).toString('base64')
}

/** One figure of /metrics. */
async function metric(service: McpService, name: string, headers: HeadersInit = {}): Promise<number> {
  const body = await (await fetch(`${service.url}/metrics`, { headers })).text()
  return Number(
    body
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1],
  )
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10))
}

const running = (service: McpService): Promise<number> => metric(service, 'codevision_calls_running')

describe('a client', () => {
  test('opens an image, runs code over it, sees what it made, and gives the images up', async () => {
    const to = await connect(await start())
    expect(to.client.getServerVersion()).toMatchObject({ name: 'codevision' })
    expect(to.client.getInstructions()).toContain('open_image')
    const { tools } = await to.client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['open_image', 'code_image_tool', 'list_images', 'close'])
    expect(await open(to)).toMatchObject({
      isError: false,
      text: 'Image 0 (40 × 30 pixels) is open: data.',
      image: expect.any(Buffer),
    })
    const turned = await run(to, `print('hello')\n${TURN}`)
    expect(turned.text).toBe('Image 1 (30 × 40 pixels) is the result.\n\nPrinted:\nhello')
    const { data, info } = await sharp(turned.image ?? undefined)
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(info).toMatchObject({ width: 30, height: 40 })
    // Counter-clockwise: what was on the right is on top.
    expect([...data.subarray(0, 3)]).toEqual([0, 0, 255])
    expect((await run(to, 'result = image.crop((0, 0, 5, 4))', { image_index: 1 })).text).toContain(
      'Image 2 (5 × 4',
    )
    expect((await call(to, 'list_images')).text).toBe(
      'Image 0: 40 × 30 pixels, data\nImage 1: 30 × 40 pixels, a test\nImage 2: 5 × 4 pixels, a test',
    )
    expect((await call(to, 'close')).text).toBe('3 images are given up.')
    expect((await call(to, 'list_images')).text).toBe('No image is open.')
    expect((await open(to)).text).toContain('Image 0')
  })

  test('sees the copy of a large image, and is told in which pixels its code counts', async () => {
    const to = await connect(await start({ maxPixels: 1_000 }))
    const opened = await open(to)
    expect(opened.text).toContain('is open: data. You see a copy of 36 × 27 pixels')
    expect(await sharp(opened.image ?? undefined).metadata()).toMatchObject({ width: 36, height: 27 })
    const made = await run(to, 'print(image.size); result = image')
    expect(made.text).toContain('(40, 30)')
    expect(made.text).toContain('so coordinates count in its 40 × 30')
  })

  test('gets what the code did wrong as a result with the line, and goes on', async () => {
    const to = await connect(await start())
    await open(to)
    const failed = await run(to, 'a = 1\nresult = nonsense')
    expect(failed).toMatchObject({ isError: true, image: null })
    expect(failed.text).toContain(
      "NameError: name 'nonsense' is not defined\n  1 | a = 1\n> 2 | result = nonsense",
    )
    expect((await run(to, 'import socket')).text).toContain('(policy)')
    expect((await run(to, 'result = 5')).text).toContain('(result)')
    expect((await run(to, TURN, { image_index: 7 })).text).toContain('IndexError')
    expect(await run(to, TURN)).toMatchObject({ isError: false })
  })

  test('gets wrong arguments explained, and goes on', async () => {
    const to = await connect(await start())
    const wrong = async (name: string, given: Record<string, unknown>): Promise<string> => {
      const { isError, text } = await call(to, name, given)
      expect(isError).toBe(true)
      return text
    }
    expect(await wrong('code_image_tool', { code: TURN, image_index: 0 })).toContain('No image is open')
    await open(to)
    expect(await wrong('code_image_tool', {})).toContain('`code` is missing')
    expect(await wrong('code_image_tool', { code: ' ' })).toContain('expected Python code')
    expect(await wrong('code_image_tool', { code: TURN, image_index: 0.5 })).toContain('whole number')
    expect(await wrong('open_image', {})).toContain('exactly one of')
    expect(await wrong('open_image', { file: 'a.png' })).toContain('unknown key `file`')
    expect(await wrong('open_image', { data: Buffer.from('no image').toString('base64') })).toContain(
      'data cannot be used',
    )
    expect(await wrong('open_image', { url: 'https://pictures.example/a.png' })).toContain('opens no URLs')
    expect(await wrong('open_image', { path: '/etc/passwd' })).toContain('--root DIR')
    expect((await run(to, TURN, { image_index: undefined })).text).toContain('image_index was missing')
    await expect(call(to, 'draw', {})).rejects.toMatchObject({ code: -32602 })
    expect((await call(to, 'list_images')).text).toMatch(/^Image 0.*\nImage 1.*$/)
  })

  test('that cancels a request ends the code, and is told of progress until then', async () => {
    const service = await start()
    const to = await connect(service)
    await open(to)
    const cancel = new AbortController()
    const progress: number[] = []
    const looping = run(
      to,
      LOOP,
      {},
      {
        signal: cancel.signal,
        onprogress: ({ progress: seconds }) => {
          progress.push(seconds)
          cancel.abort()
        },
      },
    )
    await expect(looping).rejects.toThrow()
    expect(progress).toEqual([1])
    await until(async () => (await running(service)) === 0)
    await until(async () => sandbox.stats?.().running === 0)
    expect((await run(to, TURN)).text).toContain('Image 1')
  })

  test('that gives the images up while code runs over them ends it', async () => {
    const service = await start()
    const to = await connect(service)
    await open(to)
    const looping = run(to, LOOP)
    await until(async () => (await running(service)) === 1)
    expect((await call(to, 'close')).text).toBe('1 image is given up.')
    expect(await looping).toMatchObject({ isError: true, text: expect.stringContaining('given up while') })
    expect((await open(to)).text).toContain('Image 0')
  })
})

describe('sessions', () => {
  test('have images of their own, and end with their connection', async () => {
    const before = sandbox.stats?.().sessions ?? 0
    const service = await start()
    const [one, other] = [await connect(service), await connect(service)]
    await open(one)
    expect((await call(other, 'list_images')).text).toBe('No image is open.')
    await open(other)
    expect(sandbox.stats?.().sessions).toBe(before + 2)
    await one.transport.terminateSession()
    await until(async () => sandbox.stats?.().sessions === before + 1)
    expect(await metric(service, 'codevision_sessions_open')).toBe(1)
    expect(await run(other, TURN)).toMatchObject({ isError: false })
  })

  test('that nobody uses lose their images after the lease, and say so; those to which nobody is connected end', async () => {
    let now = 0
    const service = await start({ leaseMs: 60_000, now: () => now })
    const to = await connect(service)
    await open(to)
    now = 50_000
    await run(to, TURN)
    now = 100_000
    await service.sweep()
    expect((await call(to, 'list_images')).text).toContain('Image 1')
    now = 120_000
    await service.sweep()
    expect((await run(to, TURN)).text).toContain('No image is open any more: nobody used them for 60 s.')
    expect(await metric(service, 'codevision_image_bytes_held')).toBe(0)
    const { sessionId = '' } = to.transport
    await to.client.close()
    await until(async () => {
      now += 100_000
      await service.sweep()
      return (await metric(service, 'codevision_sessions_open')) === 0
    })
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
    expect(await post(service, { body, headers: { 'mcp-session-id': sessionId } })).toMatchObject({
      status: 404,
    })
  })

  test('are as many as are allowed, and hold as many images', async () => {
    const service = await start({ limits: { sessions: 1, imagesPerSession: 2 } })
    const to = await connect(service)
    await open(to)
    await expect(connect(service)).rejects.toMatchObject({ code: 429 })
    await run(to, TURN)
    expect((await run(to, TURN)).text).toContain('holds 2 images; 2 are allowed')
    expect((await open(to)).text).toContain('Call close')
    await call(to, 'close')
    expect((await open(to)).text).toContain('Image 0')
  })

  test('hold as much when they open at the same time as one after the other', async () => {
    const bytes = 40 * 30 * 3
    const service = await start({ limits: { heldBytes: 3 * bytes } })
    const all = await Promise.all([1, 2, 3].map(() => connect(service)))
    const opened = await Promise.all(all.flatMap((to) => [open(to), open(to), open(to)]))
    const refused = opened.filter(({ isError }) => isError)
    expect(refused.length).toBeGreaterThanOrEqual(6)
    for (const { text } of refused) expect(text).toContain('as much memory as they may')
    const held = await metric(service, 'codevision_image_bytes_held')
    expect(held).toBe((9 - refused.length) * bytes)
    const listed = await Promise.all(all.map((to) => call(to, 'list_images')))
    const lines = listed.flatMap(({ text }) => text.split('\n').filter((line) => line.includes('40 × 30')))
    expect(lines).toHaveLength(9 - refused.length)
    await Promise.all(all.map((to) => call(to, 'close')))
    expect(await metric(service, 'codevision_image_bytes_held')).toBe(0)
    const to = all[0] as Connected
    expect((await open(to)).text).toContain('Image 0')
    const ran = await Promise.all([1, 2, 3, 4, 5].map(() => run(to, TURN)))
    expect(ran.some(({ isError }) => !isError)).toBe(true)
    expect(await metric(service, 'codevision_image_bytes_held')).toBeLessThanOrEqual(3 * bytes)
  })

  test('are refused calls that would only wait, until there is room again', async () => {
    const service = await start({ limits: { callsPerClient: 2 } })
    const to = await connect(service)
    await open(to)
    const cancel = new AbortController()
    const loops = [1, 2].map(() => run(to, LOOP, {}, { signal: cancel.signal }))
    await until(async () => (await running(service)) === 2)
    expect(await run(to, TURN)).toMatchObject({
      isError: true,
      text: expect.stringMatching(/2 calls under way; 2 are allowed\. Call it again in about \d+ s/),
    })
    cancel.abort()
    await Promise.allSettled(loops)
    await until(async () => (await running(service)) === 0)
    expect(await run(to, TURN)).toMatchObject({ isError: false })
  })

  test('answer every call that left an image with its picture, however little may wait', async () => {
    const limits = { queue: 1, callsPerClient: 3, sentBytes: 8_000, imagesPerSession: 64 }
    const to = await connect(await start({ limits }))
    // Too large for that as PNG and as JPEG: several copies are made for one answer.
    expect(await call(to, 'open_image', { data: await noise(160) })).toMatchObject({ isError: false })
    const told: Told[] = []
    const caller = async (): Promise<void> => {
      for (let turn = 0; turn < 4; turn++) told.push(await run(to, TURN))
    }
    await Promise.all(Array.from({ length: 5 }, caller))
    const answered = told.filter(({ isError }) => !isError)
    const refused = told.filter(({ isError }) => isError)
    expect(refused.length).toBeGreaterThan(0)
    for (const { text } of refused) expect(text).toMatch(/3 calls under way|calls wait already/)
    for (const { image } of answered) expect(image?.length).toBeLessThanOrEqual(8_000)
    expect((await call(to, 'list_images')).text.split('\n')).toHaveLength(1 + answered.length)
  })

  test('are of the client that began them', async () => {
    const tokens = ['one', 'other'].map((client) => ({ client, token: `a-token-of-the-${client}` }))
    const service = await start({ tokens })
    const bearer = (name: string) => ({ authorization: `Bearer a-token-of-the-${name}` })
    await expect(connect(service)).rejects.toMatchObject({ code: 401 })
    const to = await connect(service, bearer('one'))
    await open(to)
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
    const session = { 'mcp-session-id': to.transport.sessionId ?? '' }
    const stolen = await post(service, { body, headers: { ...bearer('other'), ...session } })
    expect(stolen.status).toBe(404)
    expect((await post(service, { body, headers: { ...bearer('one'), ...session } })).status).toBe(200)
  })
})

/** A request of a program that is no client. */
async function post(
  service: McpService,
  { body, headers = {} }: { body: unknown; headers?: Record<string, string> },
): Promise<RawAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const usual = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  return ask(service, { method: 'POST', text, headers: { ...usual, ...headers } })
}

interface RawAnswer {
  status: number
  text: string
  headers: IncomingHttpHeaders
}

async function ask(
  service: McpService,
  { method, text, headers }: { method: string; text?: string; headers: Record<string, string> },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${service.url}/mcp`, { method, headers })
    sent.once('error', reject).once('response', (response) => {
      let told = ''
      response.on('data', (chunk) => (told += String(chunk)))
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, text: told, headers: response.headers }),
      )
    })
    sent.end(text)
  })
}

const initialize = {
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '0' } },
}

describe('places', () => {
  /** Begin a session and be gone: nobody is connected then. @returns its id */
  async function begin(service: McpService): Promise<string> {
    const { status, headers } = await post(service, { body: initialize })
    expect(status).toBe(200)
    return String(headers['mcp-session-id'])
  }

  async function statusOf(service: McpService, id: string, method: string, params = {}): Promise<number> {
    const body = { jsonrpc: '2.0', id: 2, method, params }
    return (await post(service, { body, headers: { 'mcp-session-id': id } })).status
  }

  test.each([{ sessions: 2 }, { sessionsPerClient: 2 }])(
    'of clients that are gone are given to who comes, that of the longest idle session first: %j',
    async (limits) => {
      let now = 0
      const service = await start({ limits, now: () => (now += 1) })
      const [first, second] = [await begin(service), await begin(service)]
      expect(await statusOf(service, first, 'tools/list')).toBe(200)
      const third = await begin(service)
      expect(await statusOf(service, second, 'tools/list')).toBe(404)
      expect(await statusOf(service, first, 'tools/list')).toBe(200)
      expect(await statusOf(service, third, 'tools/list')).toBe(200)
    },
  )

  test('are free again when clients end their sessions, also those that say of every request that it is JSON', async () => {
    const service = await start({ limits: { sessions: 1 } })
    const to = await connect(service, { 'content-type': 'application/json' })
    await open(to)
    await to.transport.terminateSession()
    expect(await metric(service, 'codevision_sessions_open')).toBe(0)
    await connect(service)
  })

  test('are kept for images until the lease is over, and who comes is told when that is', async () => {
    let now = 0
    const service = await start({ limits: { sessions: 1 }, leaseMs: 60_000, now: () => now })
    const id = await begin(service)
    const opening = { name: 'open_image', arguments: { data: picture } }
    expect(await statusOf(service, id, 'tools/call', opening)).toBe(200)
    const refused = await post(service, { body: initialize })
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '30' } })
    now = 55_500
    expect((await post(service, { body: initialize })).headers['retry-after']).toBe('5')
    now = 60_000
    await begin(service)
    expect(await statusOf(service, id, 'tools/list')).toBe(404)
  })
})

describe('a request', () => {
  test.each([
    ['of a page of another machine', { origin: 'https://evil.example' }, 403, 'foreign_origin'],
    ['of a page without an origin', { origin: 'null' }, 403, 'foreign_origin'],
    ['to a foreign name of this machine', { host: 'evil.example:8000' }, 403, 'foreign_host'],
    ['that is not JSON', { 'content-type': 'text/plain' }, 415, 'not_json'],
  ])('%s is refused', async (_, headers, status, code) => {
    const answer = await post(await start(), { body: initialize, headers })
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(code)
  })

  test('of a page of this machine, or one that was named, is answered', async () => {
    const service = await start({ origins: ['https://chat.example'] })
    for (const origin of ['http://localhost:6274', 'http://[::1]:1', 'https://chat.example'])
      expect((await post(service, { body: initialize, headers: { origin } })).status).toBe(200)
  })

  test.each([
    [
      'without a session that begins none',
      { jsonrpc: '2.0', id: 1, method: 'tools/list' },
      400,
      'no_session_id',
    ],
    ['that is half JSON', '{"jsonrpc": "2.0", "id"', 400, 'bad_json'],
    ['without a message', '', 400, 'bad_json'],
    ['that is too large', { ...initialize, padding: 'x'.repeat(2 << 20) }, 413, 'body_too_large'],
    ['of many messages that begin no session', [initialize, initialize], 400, 'no_session_id'],
  ])('%s is refused', async (_, body, status, code) => {
    const answer = await post(await start(), { body })
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(code)
  })

  test('that began no session leaves none', async () => {
    const service = await start()
    const headers = { accept: 'text/html' }
    expect((await post(service, { body: initialize, headers })).status).toBe(406)
    await until(async () => (await metric(service, 'codevision_sessions_open')) === 0)
  })
})

describe('a page in a browser', () => {
  const origin = 'https://chat.example'
  const tokens = [{ client: 'page', token: 'a-token-of-the-page' }]
  const authorization = 'Bearer a-token-of-the-page'
  const asking = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type,mcp-protocol-version,mcp-session-id',
  }
  const readable = {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': expect.stringContaining('Mcp-Session-Id'),
    vary: 'Origin',
  }

  test('that is known is told before its first request what it may send, without a token', async () => {
    const service = await start({ origins: [origin], tokens })
    for (const known of [origin, 'http://localhost:5173']) {
      const { status, headers, text } = await ask(service, {
        method: 'OPTIONS',
        headers: { origin: known, ...asking },
      })
      expect([status, text]).toEqual([204, ''])
      expect(headers).toMatchObject({ ...readable, 'access-control-allow-origin': known })
      expect(headers['access-control-allow-methods']).toBe('GET, POST, DELETE')
      const allowed = String(headers['access-control-allow-headers']).toLowerCase().split(', ')
      expect(allowed).toEqual(
        expect.arrayContaining([...asking['access-control-request-headers'].split(','), 'last-event-id']),
      )
      expect(Number(headers['access-control-max-age'])).toBeGreaterThan(0)
      expect(headers['access-control-allow-private-network']).toBeUndefined()
    }
  })

  test('of the public internet is let to this machine', async () => {
    const headers = { origin, ...asking, 'access-control-request-private-network': 'true' }
    const answer = await ask(await start({ origins: [origin] }), { method: 'OPTIONS', headers })
    expect(answer.headers['access-control-allow-private-network']).toBe('true')
  })

  test('may read every answer, whoever writes it, and every error', async () => {
    const service = await start({ origins: [origin], tokens })
    const begun = await post(service, { body: initialize, headers: { origin, authorization } })
    expect([begun.status, begun.headers]).toEqual([200, expect.objectContaining(readable)])
    const session = { 'mcp-session-id': String(begun.headers['mcp-session-id']) }
    const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' }
    const told = async (headers: Record<string, string>): Promise<unknown> => {
      const answer = await post(service, { body: list, headers: { origin, ...headers } })
      return [answer.status, answer.headers]
    }
    const answered = (status: number): unknown => [status, expect.objectContaining(readable)]
    expect(await told({ authorization, ...session })).toEqual(answered(200))
    expect(await told({ authorization, ...session, accept: 'text/html' })).toEqual(answered(406))
    expect(await told(session)).toEqual(answered(401))
    expect(await told({ authorization, 'mcp-session-id': 'none' })).toEqual(answered(404))
    const ended = await ask(service, { method: 'DELETE', headers: { origin, authorization, ...session } })
    expect([ended.status, ended.headers]).toEqual(answered(200))
  })

  test('that is not known, or comes by a foreign name of this machine, is told nothing', async () => {
    const service = await start({ origins: [origin] })
    for (const [headers, code] of [
      [{ origin: 'https://evil.example' }, 'foreign_origin'],
      [{ origin, host: 'evil.example:8000' }, 'foreign_host'],
    ] as const) {
      const answer = await ask(service, { method: 'OPTIONS', headers: { ...headers, ...asking } })
      expect([answer.status, answer.text]).toEqual([403, expect.stringContaining(code)])
      expect(answer.headers['access-control-allow-methods']).toBeUndefined()
    }
    const evil = await post(service, { body: initialize, headers: { origin: 'https://evil.example' } })
    expect(evil.headers['access-control-allow-origin']).toBeUndefined()
    // Nobody asks as browsers do without naming a page.
    expect((await ask(service, { method: 'OPTIONS', headers: asking })).status).toBe(404)
  })
})

describe('the service', () => {
  test('says what works, and which tools there are', async () => {
    const service = await start()
    const get = async (path: string): Promise<unknown> => (await fetch(`${service.url}${path}`)).json()
    expect(await get('/healthz')).toMatchObject({ status: 'ok' })
    expect(await get('/v1/schema')).toMatchObject({ tools: [{ name: 'open_image' }, {}, {}, {}] })
  })

  test('tells what the machine did wrong as an error of the protocol, and the session goes on', async () => {
    let isBroken = false
    const broken: Sandbox = {
      profile: sandbox.profile,
      versions: () => sandbox.versions(),
      stats: () => sandbox.stats?.() as ReturnType<NonNullable<Sandbox['stats']>>,
      close: async () => undefined,
      open: async (...of) => {
        const session = await sandbox.open(...of)
        return {
          images: session.images,
          add: (...given) => session.add(...given),
          view: (...given) => session.view(...given),
          close: () => session.close(),
          execute: async (...given) => {
            if (isBroken) throw new SandboxError('The host is gone.\nIts last words.', { isRetryable: true })
            return session.execute(...given)
          },
        }
      },
    }
    const to = await connect(await start({ sandbox: broken }))
    await open(to)
    isBroken = true
    const error: unknown = await run(to, TURN).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: -32603, data: { isRetryable: true } })
    expect(String(error)).toContain('The host is gone.')
    expect(String(error)).not.toContain('last words')
    isBroken = false
    expect(await run(to, TURN)).toMatchObject({ isError: false })
  })

  test('that ends lets running calls finish, then ends them with an error', async () => {
    const before = sandbox.stats?.().sessions
    const service = await start()
    const [patient, looping] = [await connect(service), await connect(service)]
    await Promise.all([open(patient), open(looping)])
    const finishing = run(patient, `import time\ntime.sleep(0.3)\n${TURN}`)
    const endless = run(looping, LOOP)
    endless.catch(() => undefined)
    await until(async () => (await running(service)) === 2)
    const drained = service.drain({ graceMs: 2_000 })
    expect(await finishing).toMatchObject({ isError: false })
    await expect(endless).rejects.toMatchObject({ code: -32603, message: expect.stringContaining('ending') })
    await drained
    expect(sandbox.stats?.()).toMatchObject({ sessions: before, running: 0 })
  })
})
