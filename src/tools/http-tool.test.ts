import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ToolImage, ToolResult } from '../core/host-tool.js'
import { createHttpTool, type HttpToolParameters } from './http-tool.js'

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown

let server: Server
let base: string
let answer: Answer = () => undefined
const seen: { method: string | undefined; url: string | undefined; headers: object; body: unknown }[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    void (async () => {
      const body = request.method === 'GET' ? null : await json(request)
      seen.push({ method: request.method, url: request.url, headers: request.headers, body })
      answer(request, response)
    })()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const IMAGE: ToolImage = {
  ...{ width: 1, height: 1, mode: 'L', pixels: Buffer.from([5]) },
  png: async () => Buffer.from('a png file'),
}

function tool(result: ToolResult, given: Partial<HttpToolParameters> = {}) {
  return createHttpTool({
    url: `${base}/read?v=1`,
    method: 'POST',
    headers: {},
    description: 'Reads.',
    parameters: { image: { type: 'image' } },
    result,
    limits: { maxCalls: 1, maxPerMinute: 1, timeoutMs: 1_000, maxBytes: 1_000 },
    ...given,
  })
}

function call(
  result: ToolResult,
  given: Partial<HttpToolParameters> = {},
  args = {},
  signal = new AbortController().signal,
) {
  return tool(result, given).call(args, { signal })
}

const says =
  (body: string | Buffer, type = 'application/json', status = 200): Answer =>
  (_, response) =>
    response.writeHead(status, { 'content-type': type }).end(body)

describe('a tool over HTTP', () => {
  test('sends its arguments as JSON, images as PNG files, and its headers', async () => {
    answer = says('[{"box": [0, 0, 1, 1], "text": "x"}]')
    const given = await call(
      'boxes',
      { headers: { authorization: 'Bearer secret' } },
      { image: IMAGE, scale: 2, data: { a: [1] } },
    )
    expect(given).toEqual([{ box: [0, 0, 1, 1], text: 'x' }])
    expect(seen.at(-1)).toMatchObject({
      method: 'POST',
      url: '/read?v=1',
      headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
      body: { image: Buffer.from('a png file').toString('base64'), scale: 2, data: { a: [1] } },
    })
  })

  test('with GET sends them behind the address, encoded', async () => {
    answer = says('4')
    expect(await call('number', { method: 'GET' }, { word: 'a&b=ü', exact: true })).toBe(4)
    expect(seen.at(-1)).toMatchObject({ method: 'GET', url: '/read?v=1&word=a%26b%3D%C3%BC&exact=true' })
  })

  test('takes plain text for a string and the file of an image for an image', async () => {
    answer = says('plain', 'text/plain; charset=utf-8')
    expect(await call('string')).toBe('plain')
    answer = says('Also plain', 'Text/Plain')
    expect(await call('string')).toBe('Also plain')
    answer = says('"quoted"')
    expect(await call('string')).toBe('quoted')
    answer = says(Buffer.from([1, 2]), 'image/png')
    expect(await call('image')).toEqual(Buffer.from([1, 2]))
  })

  test.each([
    ['text/plain; charset=iso-8859-1', 'h\xe9', 'hé'],
    ['text/plain; charset=ISO-8859-1', '\x93\x80\x94', '“€”'],
    ['text/plain; charset="windows-1251"', '\xe4\xe0', 'да'],
    ['text/plain; charset=UTF-16', '\xfe\xff\x00h\x00\xe9', 'hé'],
    ['text/plain; charset=Shift_JIS', '\x93\xfa', '日'],
    ['text/plain', 'h\xc3\xa9', 'hé'],
    ['application/json; charset=latin1', '"h\xe9"', 'hé'],
    ['application/json', '\xef\xbb\xbf"h\xc3\xa9"', 'hé'],
  ])('reads text as its server says that it is written: %s', async (type, bytes, text) => {
    answer = says(Buffer.from(bytes, 'latin1'), type)
    expect(await call('string')).toBe(text)
  })

  test('takes numbers as far as both sides tell them apart', async () => {
    const text =
      '{"a": [9007199254740991, -9007199254740991, 1e300, 0.12345678901234567890], "b": "\\"12345678901234567890"}'
    answer = says(text)
    expect(await call('json')).toEqual(JSON.parse(text))
  })

  test.each<[string, Answer, string]>([
    [
      'a charset that is none',
      says('x', 'text/plain; charset=klingon'),
      'in the charset "klingon", which is not known',
    ],
    [
      'bytes that are not of its charset',
      says(Buffer.from('h\xe9', 'latin1'), 'text/plain'),
      'text that is no UTF-8',
    ],
    [
      'an integer that would lose digits',
      says('{"a": [1, 123456789012345678901234567890]}'),
      'the integer 123456789012345678901234567890; expected integers below 2**53, a string keeps its digits',
    ],
    ['a negative one', says('-9007199254740992'), 'the integer -9007199254740992'],
    ['a status that is no success', says('{}', 'application/json', 503), 'answered with status 503'],
    ['what is no JSON', says('<html>'), 'did not answer with JSON'],
    ['more bytes than it may give', says(JSON.stringify('x'.repeat(2_000))), 'more than 1000 bytes'],
    [
      'a way to another address',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
      'answered with status 302',
    ],
    [
      'an answer that breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('[')
        setImmediate(() => response.destroy())
      },
      'cannot be reached',
    ],
    ['a closed connection', (request) => request.socket.destroy(), 'cannot be reached'],
  ])('fails on %s, without a word of where it is', async (_, given, words) => {
    answer = given
    const failure = await call('json', { headers: { authorization: 'secret' } }).catch(
      (error: unknown) => error as Error,
    )
    expect(failure).toBeInstanceOf(Error)
    expect((failure as Error).message).toContain(words)
    expect((failure as Error).message).not.toMatch(/127|http|secret/)
  })

  test('sends a header once, in place of its own of that name', async () => {
    answer = says('4')
    const headers = { 'Content-Type': 'application/vnd.ours+json', Accept: 'application/vnd.ours' }
    await call('number', { headers }, { scale: 2 })
    expect(seen.at(-1)?.headers).toMatchObject({
      'content-type': 'application/vnd.ours+json',
      accept: 'application/vnd.ours',
    })
  })

  test('keeps what it met for the operator', async () => {
    answer = (request) => request.socket.destroy()
    const failure = (await call('json').catch((error: unknown) => error)) as Error
    expect(failure.cause).toMatchObject({ code: 'ECONNRESET' })
  })

  test('stops asking when nobody waits any more', async () => {
    const abort = new AbortController()
    answer = () => abort.abort(new Error('too late'))
    await expect(call('json', {}, {}, abort.signal)).rejects.toThrow('too late')
  })
})
