import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { pino } from 'pino'
import sharp from 'sharp'
import type { Sandbox } from './core/sandbox.js'
import { testRuntime } from './config/test-runtime.js'
import { SandboxService, type SandboxServiceParameters } from './services/sandbox-service.js'
import { ServiceClient, type Answer } from './services/testing/service-client.js'
import { createSandbox, type RuntimeChoice } from './wiring.js'

/** The service over real HTTP and a real sandbox. */
const runtime = (testRuntime() ?? 'auto') as RuntimeChoice
const WIDTH = 40
const HEIGHT = 30
const TURN = 'result = image.rotate(90, expand=True)'
const LOOP = 'while True: pass'

let sandbox: Sandbox
let release: Sandbox
let folder: string
/** A red picture, base64. */
let picture: string
let bluePicture: string
const services: SandboxService[] = []

beforeAll(async () => {
  const pictureOf = async (background: string): Promise<string> =>
    (
      await sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background } })
        .png()
        .toBuffer()
    ).toString('base64')
  ;[picture, bluePicture] = await Promise.all([pictureOf('red'), pictureOf('blue')])
  folder = await mkdtemp(join(tmpdir(), 'codevision-service-'))
  ;[sandbox, release] = await Promise.all([
    createSandbox({ runtime, concurrency: 2, standby: false }),
    createSandbox({ runtime, profile: 'release', concurrency: 1, standby: false }),
  ])
})

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.drain({ graceMs: 0 })))
})

afterAll(async () => {
  await sandbox.close()
  await release.close()
  await rm(folder, { recursive: true, force: true })
})

async function start(
  parameters: Partial<SandboxServiceParameters> = {},
): Promise<{ service: SandboxService; client: ServiceClient }> {
  const service = await SandboxService.start({
    sandboxes: [sandbox],
    address: { kind: 'tcp', host: '127.0.0.1', port: 0 },
    logger: pino({ level: 'silent' }),
    ...parameters,
  })
  services.push(service)
  return { service, client: new ServiceClient({ url: service.url }) }
}

function errorOf({ json }: Answer): { code: string; message: string; hint: string } {
  return json['error'] as { code: string; message: string; hint: string }
}

/** One figure of /metrics. */
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

describe('a session', () => {
  test('is opened, used, described and ended', async () => {
    const { client } = await start({ leaseMs: 90_000 })
    const opened = await client.open('rollout-1', [picture])
    expect(opened).toMatchObject({
      status: 201,
      json: {
        session_id: 'rollout-1',
        profile: 'standard',
        images: [{ index: 0, width: 40, height: 30, mode: 'RGB' }],
        lease_seconds: 90,
      },
    })
    const answer = await client.execute('rollout-1', {
      call_id: 'a',
      code: `print('hello')\n${TURN}`,
      description: 'turn it',
      image_index: 0,
    })
    expect(answer).toMatchObject({
      status: 200,
      json: {
        call_id: 'a',
        status: 'ok',
        image: {
          index: 1,
          width: 30,
          height: 40,
          mode: 'RGB',
          source_mode: 'RGB',
          encoding: 'png',
          view: null,
        },
        image_index: 1,
        unchanged: false,
        stdout: 'hello\n',
      },
    })
    const { data } = answer.json['image'] as { data: string }
    const decoded = await sharp(Buffer.from(data, 'base64')).raw().toBuffer({ resolveWithObject: true })
    expect(decoded.info).toMatchObject({ width: 30, height: 40 })
    expect([...decoded.data.subarray(0, 3)]).toEqual([255, 0, 0])
    expect((await client.ask('GET', '/v1/sessions/rollout-1')).json).toMatchObject({
      calls: 1,
      images: [{}, { width: 30 }],
    })
    expect((await client.ask('DELETE', '/v1/sessions/rollout-1')).status).toBe(204)
    expect((await client.ask('GET', '/v1/sessions/rollout-1')).status).toBe(404)
    expect(await metric(client, 'codevision_image_bytes_held')).toBe(0)
  })

  test('gets an id where the client names none', async () => {
    const { client } = await start()
    const { json } = await client.ask('POST', '/v1/sessions', {
      body: { images: [`data:image/png;base64,${picture}`] },
    })
    expect(String(json['session_id'])).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('that is opened twice with the same images is the same session, also at the same time', async () => {
    const { client } = await start()
    const answers = await Promise.all([1, 2, 3].map(() => client.open('twice', [picture])))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201])
    expect(await metric(client, 'codevision_sessions_open')).toBe(1)
    const other = await client.open('twice', [bluePicture])
    expect([other.status, errorOf(other).code]).toEqual([409, 'session_exists'])
  })

  test('of another profile runs under its rules, and a profile that is not offered is refused', async () => {
    const { client } = await start({ sandboxes: [sandbox, release] })
    const body = { id: 'r', images: [picture], profile: 'release' }
    expect((await client.ask('POST', '/v1/sessions', { body })).json).toMatchObject({ profile: 'release' })
    expect((await client.execute('r', { call_id: 'a', code: 'import os' })).json).toMatchObject({
      kind: 'policy',
    })
    const { client: standardOnly } = await start()
    const refused = await standardOnly.ask('POST', '/v1/sessions', { body })
    expect([refused.status, errorOf(refused).code]).toEqual([400, 'profile_not_offered'])
  })

  test('that nobody uses for the length of its lease ends, and each request begins the lease anew', async () => {
    let now = 0
    const { service, client } = await start({ leaseMs: 60_000, now: () => now })
    await Promise.all(['used', 'forgotten'].map((id) => client.open(id, [picture])))
    const held = sandbox.stats?.().sessions
    now = 50_000
    expect((await client.ask('GET', '/v1/sessions/used')).status).toBe(200)
    now = 70_000
    service.sweep()
    expect((await client.ask('GET', '/v1/sessions/used')).status).toBe(200)
    const gone = await client.ask('GET', '/v1/sessions/forgotten')
    expect([gone.status, errorOf(gone).code]).toEqual([404, 'no_such_session'])
    expect(await metric(client, 'codevision_sessions_expired_total')).toBe(1)
    await until(async () => sandbox.stats?.().sessions === (held ?? 0) - 1)
  })

  test('with a call under way does not expire', async () => {
    let now = 0
    const { client } = await start({ leaseMs: 60_000, now: () => now })
    await client.open('busy', [picture])
    const call = client.execute('busy', { call_id: 'a', code: `import time\ntime.sleep(0.5)\n${TURN}` })
    await until(async () => (await metric(client, 'codevision_calls_running')) === 1)
    now = 100_000
    expect(await metric(client, 'codevision_sessions_open')).toBe(1)
    expect((await call).json).toMatchObject({ status: 'ok' })
  })

  test('that is ended while a call runs answers that call, and the sandbox goes on', async () => {
    const { client } = await start()
    await client.open('s', [picture])
    const call = client.execute('s', { call_id: 'a', code: LOOP })
    await until(async () => (await metric(client, 'codevision_calls_running')) === 1)
    expect((await client.ask('DELETE', '/v1/sessions/s')).status).toBe(204)
    const ended = await call
    expect([ended.status, errorOf(ended).code]).toEqual([409, 'session_ended'])
    await client.open('s', [picture])
    expect((await client.execute('s', { call_id: 'a', code: TURN })).json).toMatchObject({ status: 'ok' })
  })
})

describe('a call', () => {
  test('that is sent again gets the same answer without another run', async () => {
    const { client } = await start()
    await client.open('s', [picture])
    const first = await client.execute('s', { call_id: 'a', code: TURN })
    const second = await client.execute('s', { call_id: 'a', code: TURN })
    expect(second.json).toEqual(first.json)
    expect((await client.ask('GET', '/v1/sessions/s')).json).toMatchObject({ calls: 1, images: [{}, {}] })
  })

  test('that is sent many times at once runs once', async () => {
    const { client } = await start()
    await client.open('s', [picture])
    const code = `import time\ntime.sleep(0.2)\n${TURN}`
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => client.execute('s', { call_id: 'a', code })),
    )
    expect(new Set(answers.map(({ body }) => body.toString())).size).toBe(1)
    expect(answers[0]?.json).toMatchObject({ status: 'ok', image_index: 1 })
    expect((await client.ask('GET', '/v1/sessions/s')).json).toMatchObject({ images: [{}, {}] })
  })

  test('with the id of another one is refused', async () => {
    const { client } = await start()
    await client.open('s', [picture])
    await client.execute('s', { call_id: 'a', code: TURN })
    const other = await client.execute('s', { call_id: 'a', code: 'result = image' })
    expect([other.status, errorOf(other).code]).toEqual([409, 'call_id_reused'])
  })

  test('whose client goes away is aborted, and the session stays usable under the same call id', async () => {
    const { client } = await start()
    await client.open('s', [picture])
    const abort = new AbortController()
    const gone = client.execute('s', { call_id: 'a', code: LOOP }, { signal: abort.signal })
    gone.catch(() => undefined)
    await until(async () => (await metric(client, 'codevision_calls_running')) === 1)
    abort.abort()
    await expect(gone).rejects.toMatchObject({ name: 'AbortError' })
    await until(async () => (await metric(client, 'codevision_calls_running')) === 0)
    expect((await client.execute('s', { call_id: 'a', code: TURN })).json).toMatchObject({
      status: 'ok',
      image_index: 1,
    })
  })

  test('goes on for those who still wait when one of them goes away', async () => {
    const { client } = await start()
    await client.open('s', [picture])
    const abort = new AbortController()
    const call = { call_id: 'a', code: `import time\ntime.sleep(0.5)\n${TURN}` }
    const gone = client.execute('s', call, { signal: abort.signal })
    gone.catch(() => undefined)
    await until(async () => (await metric(client, 'codevision_calls_running')) === 1)
    const stays = client.execute('s', call)
    abort.abort()
    await expect(gone).rejects.toMatchObject({ name: 'AbortError' })
    expect((await stays).json).toMatchObject({ status: 'ok' })
  })

  test('that does wrong is answered with 200 and the error', async () => {
    const { client } = await start()
    await client.open('s', [picture])
    const verdict = async (call: Record<string, unknown>): Promise<unknown> => {
      const { status, json } = await client.execute('s', call)
      return [status, json['status'], json['kind'], json['type']]
    }
    expect(await verdict({ call_id: '1', code: 'nonsense' })).toEqual([200, 'error', 'runtime', 'NameError'])
    expect(await verdict({ call_id: '2', code: TURN, image_index: 7 })).toEqual([
      200,
      'error',
      'runtime',
      'IndexError',
    ])
    expect(await verdict({ call_id: '3', code: TURN, image_index: -1 })).toEqual([
      200,
      'error',
      'runtime',
      'IndexError',
    ])
    expect(await verdict({ call_id: '4', code: LOOP, timeout_ms: 200 })).toEqual([
      200,
      'error',
      'timeout',
      null,
    ])
    expect(await verdict({ call_id: '5', code: `# ${'x'.repeat(10_000_000)}` })).toEqual([
      200,
      'error',
      'policy',
      null,
    ])
    expect(await verdict({ call_id: '6', code: TURN })).toEqual([200, 'ok', undefined, undefined])
    const { json } = await client.execute('s', { call_id: '1', code: 'nonsense' })
    expect(json).toMatchObject({
      line: 1,
      message: expect.stringContaining('nonsense'),
      traceback: expect.any(String),
    })
  })

  test('gives its image as PNG, as pixels or not at all, in JSON or as the body', async () => {
    const { client } = await start()
    await client.open('s', [picture])
    const ask = async (wanted: string, accept?: string): Promise<Answer> =>
      client.execute(
        's',
        { call_id: 'a', code: TURN, return: wanted },
        accept === undefined ? {} : { headers: { accept } },
      )
    const none = await ask('none')
    expect(none.json).toMatchObject({ image: { encoding: 'none', data: null } })
    const pixels = Buffer.from(((await ask('pixels')).json['image'] as { data: string }).data, 'base64')
    expect(pixels).toEqual(Buffer.from(Array.from({ length: WIDTH * HEIGHT }, () => [255, 0, 0]).flat()))
    const raw = await ask('png', 'application/octet-stream')
    expect(raw.body).toEqual(pixels)
    expect(raw.headers).toMatchObject({
      'x-image-width': '30',
      'x-image-height': '40',
      'x-image-mode': 'RGB',
      'x-image-index': '1',
    })
    const png = await ask('none', 'image/png')
    expect(png.headers['content-type']).toBe('image/png')
    expect(await sharp(png.body).raw().toBuffer()).toEqual(pixels)
    const failed = await client.execute(
      's',
      { call_id: 'b', code: 'nonsense' },
      { headers: { accept: 'image/png' } },
    )
    expect(failed.json).toMatchObject({ kind: 'runtime' })
  })

  test('can show the image as the model sees it', async () => {
    const { client } = await start()
    await client.open('s', [picture])
    const { json } = await client.execute('s', {
      ...{ call_id: 'a', code: TURN, return: 'pixels' },
      view: { min_pixels: 1, max_pixels: 300 },
    })
    expect(json['image']).toMatchObject({ width: 30, height: 40, view: { width: 15, height: 20 } })
    expect(Buffer.from((json['image'] as { data: string }).data, 'base64')).toHaveLength(15 * 20 * 3)
  })
})

test('an image of a session can be fetched, resized too; one that is not there is named', async () => {
  const { client } = await start()
  await client.open('s', [picture])
  const png = await client.ask('GET', '/v1/sessions/s/images/0')
  expect(await sharp(png.body).metadata()).toMatchObject({ width: 40, height: 30 })
  const small = await client.ask('GET', '/v1/sessions/s/images/0?format=pixels&min_pixels=1&max_pixels=300')
  expect(small.headers).toMatchObject({ 'x-image-width': '20', 'x-image-height': '15' })
  expect(small.body).toHaveLength(20 * 15 * 3)
  const missing = await client.ask('GET', '/v1/sessions/s/images/1')
  expect([missing.status, errorOf(missing).code]).toEqual([404, 'no_such_image'])
  for (const path of [
    'images/x',
    'images/-1',
    'images/0?format=gif',
    'images/0?min_pixels=5',
    'images/0?min_pixels=5&max_pixels=1',
    'images/0?size=1',
  ])
    expect((await client.ask('GET', `/v1/sessions/s/${path}`)).status).toBe(400)
})

describe('bad input', () => {
  test.each<[string, unknown, number, string]>([
    ['broken base64', { images: ['not base64!'] }, 400, 'bad_base64'],
    ['base64 that is cut off', { images: ['QUJDR'] }, 400, 'bad_base64'],
    ['a data URI without base64', { images: ['data:image/png,abc'] }, 400, 'bad_base64'],
    ['base64 of no image', { images: ['aGVsbG8gd29ybGQh'] }, 422, 'bad_image'],
    ['no image', { images: [] }, 400, 'bad_request'],
    ['an unknown field', { images: ['QUJD'], imgs: 1 }, 400, 'bad_request'],
    ['an id with a slash', { id: 'a/b', images: ['QUJD'] }, 400, 'bad_request'],
    ['an id that paths resolve', { id: '..', images: ['QUJD'] }, 400, 'bad_request'],
    ['a list in place of an object', [1], 400, 'bad_request'],
  ])('that is %s is refused with the reason', async (_name, body, status, code) => {
    const { client } = await start()
    const refused = await client.ask('POST', '/v1/sessions', { body })
    expect([refused.status, errorOf(refused).code]).toEqual([status, code])
    expect(errorOf(refused)).toEqual({ code, message: expect.any(String), hint: expect.stringMatching(/./) })
    expect(await metric(client, 'codevision_sessions_open')).toBe(0)
  })

  test('names every field of a call that is wrong', async () => {
    const { client } = await start()
    await client.open('s', [picture])
    const refused = await client.execute('s', { code: 5, timeout_ms: -1, imageIndex: 0 })
    expect(refused.status).toBe(400)
    for (const name of ['call_id', 'code', 'timeout_ms', 'imageIndex'])
      expect(errorOf(refused).message).toContain(name)
    const view = { min_pixels: 5, max_pixels: 1 }
    const notOrdered = await client.execute('s', { call_id: 'a', code: TURN, view })
    expect([notOrdered.status, errorOf(notOrdered).message]).toEqual([
      400,
      expect.stringContaining('`view.max_pixels`: expected at least `min_pixels` (5), got 1'),
    ])
    const long = await client.execute('s', { call_id: 'a', code: TURN, timeout_ms: 10_000_000 })
    expect([long.status, errorOf(long).message]).toEqual([400, expect.stringContaining('60000')])
  })

  test('that is no JSON, not said to be JSON, too large, or for no route is refused as such', async () => {
    const { client } = await start({ limits: { bodyBytes: 10_000 } })
    const codes = async (ask: Parameters<ServiceClient['ask']>): Promise<unknown> => {
      const answer = await client.ask(...ask)
      return [answer.status, errorOf(answer).code]
    }
    expect(await codes(['POST', '/v1/sessions', { text: '{"images":' }])).toEqual([400, 'bad_json'])
    for (const ask of [{ text: '' }, {}])
      expect(await codes(['POST', '/v1/sessions', ask])).toEqual([400, 'bad_json'])
    expect(await codes(['POST', '/v1/sessions', { text: '{"__proto__": {}}' }])).toEqual([400, 'bad_json'])
    const plain = { text: '{}', headers: { 'content-type': 'text/plain' } }
    expect(await codes(['POST', '/v1/sessions', plain])).toEqual([415, 'not_json'])
    expect(await codes(['POST', '/v1/sessions', { text: 'x'.repeat(20_000) }])).toEqual([
      413,
      'body_too_large',
    ])
    expect(await codes(['GET', '/v1/nothing'])).toEqual([404, 'no_such_route'])
    expect(await codes(['PUT', '/v1/sessions'])).toEqual([404, 'no_such_route'])
  })
})

test('DELETE may say that its body is JSON and have none, as clients do that send one header with everything', async () => {
  const { client } = await start()
  await client.open('s', [picture])
  const headers = { 'content-type': 'application/json' }
  expect((await client.ask('DELETE', '/v1/sessions/s', { headers })).status).toBe(204)
  expect((await client.ask('GET', '/v1/sessions/s')).status).toBe(404)
})

describe('limits', () => {
  test('a full queue is answered with 429 and Retry-After, and takes calls again later', async () => {
    const { client } = await start({ limits: { queue: 1 } })
    for (const id of ['a', 'b', 'c', 'd']) await client.open(id, [picture])
    const running = ['a', 'b', 'c'].map((id) =>
      client.execute(id, { call_id: '1', code: LOOP, timeout_ms: 700 }),
    )
    await until(async () => (await metric(client, 'codevision_queue_depth')) === 1)
    const refused = await client.execute('d', { call_id: '1', code: TURN })
    expect([refused.status, errorOf(refused).code]).toEqual([429, 'queue_full'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    for (const answer of await Promise.all(running)) expect(answer.json).toMatchObject({ kind: 'timeout' })
    expect((await client.execute('d', { call_id: '1', code: TURN })).json).toMatchObject({ status: 'ok' })
  })

  test('one client cannot take all calls or sessions', async () => {
    const tokens = [
      { client: 'greedy', token: 'token-of-the-greedy' },
      { client: 'modest', token: 'token-of-the-modest' },
    ]
    const { client } = await start({ tokens, limits: { callsPerClient: 1, sessionsPerClient: 2 } })
    const as = (name: string): { headers: Record<string, string> } => ({
      headers: { authorization: `Bearer token-of-the-${name}` },
    })
    const open = (name: string, id: string): Promise<Answer> =>
      client.ask('POST', '/v1/sessions', { body: { id, images: [picture] }, ...as(name) })
    for (const [name, id] of [
      ['greedy', 'a'],
      ['greedy', 'b'],
      ['modest', 'a'],
    ] as const)
      expect((await open(name, id)).status).toBe(201)
    const third = await open('greedy', 'c')
    expect([third.status, errorOf(third).code]).toEqual([429, 'too_many_sessions_of_client'])
    const loop = client.execute('a', { call_id: '1', code: LOOP, timeout_ms: 500 }, as('greedy'))
    await until(async () =>
      (await client.ask('GET', '/metrics', as('modest'))).body.includes('codevision_calls_running 1'),
    )
    const second = await client.execute('b', { call_id: '1', code: TURN }, as('greedy'))
    expect([second.status, errorOf(second).code]).toEqual([429, 'too_many_calls'])
    expect((await client.execute('a', { call_id: '1', code: TURN }, as('modest'))).json).toMatchObject({
      status: 'ok',
    })
    expect((await loop).json).toMatchObject({ kind: 'timeout' })
    expect((await client.ask('GET', '/v1/sessions/b', as('modest'))).status).toBe(404)
  })

  test('images that calls under way may leave count, and are told', async () => {
    const { client } = await start({ limits: { imagesPerSession: 2 } })
    await client.open('s', [picture])
    const loop = client.execute('s', { call_id: '1', code: LOOP, timeout_ms: 700 })
    await until(async () => (await metric(client, 'codevision_calls_running')) === 1)
    expect(errorOf(await client.execute('s', { call_id: '2', code: TURN })).message).toContain(
      'holds 1 images and 0 views of them, and 1 more may come of calls under way; 2 are allowed',
    )
    await loop
    expect((await client.execute('s', { call_id: '2', code: TURN })).json).toMatchObject({ status: 'ok' })
  })

  test('sessions, images, calls and bytes have theirs', async () => {
    const { client } = await start({
      limits: { sessions: 2, imagesPerSession: 3, callsPerSession: 4, heldBytes: 4 * WIDTH * HEIGHT * 3 },
    })
    const many = await client.open('many', [picture, picture, picture, picture])
    expect([many.status, errorOf(many).code]).toEqual([400, 'too_many_images'])
    await client.open('a', [picture])
    const code = async (call: string, text: string): Promise<unknown> => {
      const answer = await client.execute('a', { call_id: call, code: text })
      return answer.json['status'] ?? errorOf(answer).code
    }
    expect(await code('1', TURN)).toBe('ok')
    expect(await code('2', TURN)).toBe('ok')
    expect(await code('3', TURN)).toBe('too_many_images')
    await client.open('b', [picture])
    const full = await client.open('c', [picture])
    expect([full.status, errorOf(full).code]).toEqual([429, 'images_full'])
    await client.ask('DELETE', '/v1/sessions/a')
    await client.open('a', [picture])
    expect(errorOf(await client.open('c', [picture])).code).toBe('too_many_sessions')
    for (const call of ['1', '2', '3', '4']) expect(await code(call, 'nonsense')).toBe('error')
    expect(await code('5', 'nonsense')).toBe('too_many_calls_of_session')
    expect(await code('4', 'nonsense')).toBe('error')
  })
})

test('sessions that are opened at the same time hold as much as they would one after the other', async () => {
  const { client } = await start({ limits: { heldBytes: 3 * WIDTH * HEIGHT * 3 } })
  const open = (id: string) => client.open(id, [picture, picture])
  const ids = ['a', 'b', 'c', 'd', 'e', 'f']
  const opened = await Promise.all(ids.map(open))
  const refused = opened.filter(({ status }) => status !== 201)
  expect(refused.map((answer) => [answer.status, errorOf(answer).code])).toEqual(
    refused.map(() => [429, 'images_full']),
  )
  const taken = ids.filter((_, index) => opened[index]?.status === 201)
  expect(taken.length).toBeGreaterThan(0)
  expect(taken.length).toBeLessThanOrEqual(2)
  const { body } = await client.ask('GET', '/metrics')
  expect(body.toString()).toContain(`codevision_image_bytes_held ${taken.length * 2 * WIDTH * HEIGHT * 3}\n`)
  // Sent again, since its answer was lost, a request finds what it opened.
  expect((await open(taken[0] ?? '')).status).toBe(200)
})

test('calls that come at the same time count what they are about to leave', async () => {
  const { client } = await start({ limits: { heldBytes: 4 * WIDTH * HEIGHT * 3 } })
  for (const id of ['a', 'b']) await client.open(id, [picture])
  const called = await Promise.all(
    ['1', '2', '3'].flatMap((call_id) => ['a', 'b'].map((id) => client.execute(id, { call_id, code: TURN }))),
  )
  const codes = called.map((answer) => answer.json['status'] ?? errorOf(answer).code)
  expect(codes.sort()).toEqual(['images_full', 'images_full', 'images_full', 'images_full', 'ok', 'ok'])
})

test('a view is made only where there is room for it, and one that is asked for with a call has its place before the call runs', async () => {
  const { client } = await start({ limits: { heldBytes: 2 * WIDTH * HEIGHT * 3, imagesPerSession: 4 } })
  await client.open('a', [picture])
  const view = async (pixels: number): Promise<number> =>
    (await client.ask('GET', `/v1/sessions/a/images/0?min_pixels=${pixels}&max_pixels=${pixels}`)).status
  expect([await view(4_000), await view(4_100), await view(4_000)]).toEqual([200, 429, 200])

  const { client: other } = await start({ limits: { imagesPerSession: 4 } })
  await other.open('a', [picture])
  const called = async (call_id: string, pixels: number): Promise<unknown> => {
    const view = { min_pixels: 1, max_pixels: pixels }
    const answer = await other.execute('a', { call_id, code: TURN, view })
    return answer.json['status'] ?? errorOf(answer).code
  }
  // The first takes two places; the second, whose view is the image itself, needs two and would take one.
  expect([await called('1', 300), await called('2', 10_000)]).toEqual(['ok', 'too_many_images'])
  expect((await other.ask('GET', '/v1/sessions/a')).json).toMatchObject({ images: [{}, {}] })
  expect(await called('1', 300)).toBe('ok')
})

test('a name of 128 characters is one, and what is none is refused in the form of all errors', async () => {
  const { client } = await start()
  const name = `${'a'.repeat(127)}:`
  expect((await client.open(name, [picture])).status).toBe(201)
  const path = `/v1/sessions/${encodeURIComponent(name)}`
  expect((await client.ask('GET', path)).json).toMatchObject({ session_id: name })
  expect((await client.ask('DELETE', path)).status).toBe(204)
  for (const wrong of ['/v1/sessions/%zz', `/v1/sessions/${'a'.repeat(500)}`]) {
    const refused = await client.ask('GET', wrong)
    expect([refused.status, errorOf(refused).code]).toEqual([404, 'no_such_route'])
    expect(errorOf(refused).message.length).toBeLessThanOrEqual(200)
  }
})

describe('access', () => {
  const tokens = [{ client: 'trainer', token: 'a-token-of-this-test' }]

  test('with a token every route but the health check asks for it', async () => {
    const { client } = await start({ tokens })
    for (const path of ['/metrics', '/v1/schema', '/v1/sessions/x', '/nothing']) {
      const missing = await client.ask('GET', path)
      expect([missing.status, errorOf(missing).code, missing.headers['www-authenticate']]).toEqual([
        401,
        'token_missing',
        'Bearer',
      ])
      const wrong = await client.ask('GET', path, {
        headers: { authorization: 'Bearer a-token-of-this-tesT' },
      })
      expect([wrong.status, errorOf(wrong).code]).toEqual([401, 'token_wrong'])
    }
    expect(
      (await client.ask('GET', '/v1/schema', { headers: { authorization: 'Bearer a-token-of-this-test' } }))
        .status,
    ).toBe(200)
    expect((await client.ask('GET', '/healthz')).status).toBe(200)
  })

  test('without a token only this machine is served', async () => {
    await expect(start({ address: { kind: 'tcp', host: '0.0.0.0', port: 0 } })).rejects.toThrow(
      '--token-file',
    )
    await expect(start({ address: { kind: 'tcp', host: '::', port: 0 } })).rejects.toThrow('--token-file')
    const { client } = await start()
    const foreign = await client.ask('GET', '/v1/schema', { headers: { host: 'evil.example:8000' } })
    expect([foreign.status, errorOf(foreign).code]).toEqual([403, 'foreign_host'])
    expect((await client.ask('GET', '/healthz', { headers: { host: 'evil.example' } })).status).toBe(403)
    expect((await client.ask('GET', '/v1/schema', { headers: { host: 'localhost:8000' } })).status).toBe(200)
  })

  test('with a token every address may be served', async () => {
    const { client } = await start({ tokens, address: { kind: 'tcp', host: '0.0.0.0', port: 0 } })
    expect((await client.ask('GET', '/healthz')).status).toBe(200)
  })

  test('a unix socket has the permissions that were asked for, and goes with the service', async () => {
    const path = join(folder, 'service.sock')
    const { service, client } = await start({ address: { kind: 'unix', path, mode: 0o620 } })
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('620')
    expect((await client.open('s', [picture])).status).toBe(201)
    await expect(start({ address: { kind: 'unix', path, mode: 0o600 } })).rejects.toThrow(
      'another service listens there',
    )
    // The next service may begin while the last answers of this one go out.
    const last = client.execute('s', { call_id: 'a', code: LOOP, timeout_ms: 1_500 })
    await until(async () => (await metric(client, 'codevision_calls_running')) === 1)
    const ended = service.drain({ graceMs: 10_000 })
    const next = await start({ address: { kind: 'unix', path, mode: 0o600 } })
    expect((await last).json).toMatchObject({ kind: 'timeout' })
    await ended
    expect((await next.client.open('s', [picture])).status).toBe(201)
    await next.service.drain({ graceMs: 0 })
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
    await writeFile(path, 'precious')
    await expect(start({ address: { kind: 'unix', path, mode: 0o600 } })).rejects.toThrow(
      'file of another kind',
    )
  })
})

describe('watching', () => {
  test('the health check runs code, once for many who ask', async () => {
    const { client } = await start()
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.ask('GET', '/healthz')))
    expect(new Set(answers.map(({ body }) => body.toString())).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 200, json: { status: 'ok', duration_ms: expect.any(Number) } })
  })

  test('the health check of a sandbox that is gone says so with 503', async () => {
    const gone = await createSandbox({ runtime, standby: false })
    const { client } = await start({ sandboxes: [gone] })
    await gone.close()
    const answer = await client.ask('GET', '/healthz')
    expect([answer.status, errorOf(answer).message]).toEqual([503, expect.stringContaining('closed')])
    expect(answer.headers['retry-after']).toBeDefined()
  })

  test('the metrics count calls by verdict and time them', async () => {
    const { client } = await start()
    await client.open('s', [picture])
    await client.execute('s', { call_id: '1', code: TURN })
    await client.execute('s', { call_id: '2', code: 'nonsense' })
    await client.execute('s', { call_id: '2', code: 'other' })
    const text = (await client.ask('GET', '/metrics')).body.toString()
    for (const line of [
      'codevision_calls_total{status="ok",kind="none"} 1',
      'codevision_calls_total{status="error",kind="runtime"} 1',
      'codevision_call_seconds_count 2',
      'codevision_refused_total{code="call_id_reused"} 1',
      'codevision_queue_depth 0',
      'codevision_calls_running 0',
      'codevision_workers 2',
      'codevision_sessions_open 1',
      `codevision_image_bytes_held ${2 * WIDTH * HEIGHT * 3}`,
    ])
      expect(text).toContain(`${line}\n`)
    expect(await metric(client, 'codevision_call_p95_seconds')).toBeGreaterThan(0)
    expect(await metric(client, 'codevision_hosts')).toBeGreaterThan(0)
    expect(await metric(client, 'process_resident_memory_bytes')).toBeGreaterThan(1e7)
  })

  test('the schema names every route and refuses unknown fields', async () => {
    const { client } = await start()
    const { json } = await client.ask('GET', '/v1/schema')
    expect(json['POST /v1/sessions/{id}/execute']).toMatchObject({
      request: { required: ['call_id', 'code'], additionalProperties: false },
      answer: { oneOf: [{}, {}] },
    })
  })

  test('the log names requests, and holds neither tokens nor code nor what failed inside', async () => {
    const lines: string[] = []
    const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
    const { client } = await start({ logger, tokens: [{ client: 'trainer', token: 'secret-secret-secret' }] })
    const headers = { authorization: 'Bearer secret-secret-secret' }
    await client.ask('POST', '/v1/sessions', { body: { id: 's', images: [picture] }, headers })
    await client.execute('s', { call_id: 'a', code: 'print("private")' }, { headers })
    await client.ask('GET', '/v1/schema?token=secret-secret-secret', { headers })
    const log = lines.join('')
    expect(log).toContain('"route":"/v1/sessions/:id/execute","client":"trainer","session":"s","status":200')
    expect(log).not.toMatch(/secret|private/)
  })

  test('connections that find no place are cut, counted, and told in the log, not line by line', async () => {
    const lines: string[] = []
    const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
    const { service, client } = await start({ logger, limits: { connections: 1 } })
    const { hostname, port } = new URL(service.url)
    const kept = connect({ host: hostname, port: Number(port) })
    kept.write('GET /v1/schema HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await new Promise((resolve) => kept.once('data', resolve))
    for (let more = 0; more < 3; more++) await expect(client.ask('GET', '/metrics')).rejects.toThrow()
    kept.destroy()
    let count = 0
    await until(async () => {
      count = await metric(client, 'codevision_connections_refused_total').catch(() => -1)
      return count >= 0
    })
    expect(count).toBeGreaterThanOrEqual(3)
    const told = lines.filter((line) => line.includes('connections beyond 1 are cut'))
    expect(told[0]).toContain('--connections')
    expect(told.length).toBeLessThan(count)
  })
})

describe('draining', () => {
  test('lets running calls finish, takes no others, and closes every session', async () => {
    const { service, client } = await start()
    const before = sandbox.stats?.().sessions ?? 0
    await client.open('s', [picture])
    const call = client.execute('s', { call_id: 'a', code: `import time\ntime.sleep(0.4)\n${TURN}` })
    await until(async () => (await metric(client, 'codevision_calls_running')) === 1)
    const drained = service.drain({ graceMs: 10_000 })
    await expect(client.ask('GET', '/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect((await call).json).toMatchObject({ status: 'ok' })
    await drained
    expect(sandbox.stats?.().sessions).toBe(before)
  })

  test('ends calls that take longer than they are given, with 503', async () => {
    const { service, client } = await start()
    await client.open('s', [picture])
    const call = client.execute('s', { call_id: 'a', code: LOOP })
    await until(async () => (await metric(client, 'codevision_calls_running')) === 1)
    await service.drain({ graceMs: 100 })
    const ended = await call
    expect([ended.status, errorOf(ended).code, ended.headers['retry-after']]).toEqual([503, 'draining', '5'])
  })

  test('does not wait for clients that never finish their request', async () => {
    const { service } = await start()
    const { hostname, port } = new URL(service.url)
    const slow = connect({ host: hostname, port: Number(port) })
    slow.on('error', () => undefined)
    await new Promise((resolve) => slow.once('connect', resolve))
    slow.write(
      'POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    )
    await new Promise((resolve) => setTimeout(resolve, 100))
    await service.drain({ graceMs: 100 })
    slow.destroy()
  })
})
