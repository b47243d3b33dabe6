import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { fetchImage, type FetchImageParameters } from './fetch-image.js'
import { isPrivateAddress } from './private-addresses.js'

const LOCAL = [{ address: '127.0.0.1', family: 4 }]
const PUBLIC = [{ address: '93.184.215.14', family: 4 }]

let server: Server
let port: number
const asked: IncomingMessage[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const redirect = (to: string): unknown => response.writeHead(302, { location: to }).end()
  switch (url.split('?')[0]) {
    case '/a.png':
      return void response.end('bytes')
    case '/moved':
      return void redirect('/a.png')
    case '/loop':
      return void redirect('/loop')
    case '/to-file':
      return void redirect('file:///etc/passwd')
    case '/to-inside':
      return void redirect(`http://inside.example:${port}/a.png`)
    case '/announced':
      return void response.writeHead(200, { 'content-length': 1_000_000 }).write('x')
    case '/endless':
      return void endless(response)
    case '/silent':
      return
    default:
      return void response.writeHead(404).end()
  }
}

function endless(response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(16_384)));
  }
  response.on('drain', more)
  more()
}

async function get(path: string, parameters: Partial<FetchImageParameters> = {}): Promise<string> {
  const bytes = await fetchImage({
    url: `http://pictures.example:${port}${path}`,
    mayConnect: () => true,
    maxBytes: 100,
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    resolve: async () => LOCAL,
    ...parameters,
  })
  return bytes.toString()
}

describe('an image is fetched', () => {
  test('from where its name leads, also by way of a redirection', async () => {
    expect(await get('/a.png')).toBe('bytes')
    expect(await get('/moved')).toBe('bytes')
    expect(asked.at(-1)?.headers).toMatchObject({ host: `pictures.example:${port}` })
    expect(asked.at(-1)?.headers['cookie']).toBeUndefined()
  })

  test('up to a size, announced or not', async () => {
    await expect(get('/announced')).rejects.toMatchObject({ message: expect.stringContaining('larger than') })
    await expect(get('/endless')).rejects.toMatchObject({ message: expect.stringContaining('larger than') })
  })

  test('within a time', async () => {
    const late = get('/silent', { timeoutMs: 100 })
    await expect(late).rejects.toMatchObject({ message: expect.stringContaining('within 0.1 s') })
  })

  test('until the request is cancelled', async () => {
    const cancel = new AbortController()
    const getting = get('/silent', { signal: cancel.signal })
    cancel.abort()
    await expect(getting).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('no longer than that also where its name is never found', async () => {
    const resolve = async (): Promise<never> => new Promise(() => undefined)
    const late = get('/a.png', { resolve, timeoutMs: 100 })
    await expect(late).rejects.toMatchObject({ message: expect.stringContaining('within 0.1 s') })
    const cancel = new AbortController()
    const getting = get('/a.png', { resolve, signal: cancel.signal })
    cancel.abort()
    await expect(getting).rejects.toMatchObject({ name: 'AbortError' })
  })

  test.each([
    ['/nothing', 'status 404'],
    ['/loop', 'redirects more than 4 times'],
    ['/to-file', 'expected an address that begins with http'],
  ])('but not from %s: %s', async (path, message) => {
    await expect(get(path)).rejects.toMatchObject({ status: 422, message: expect.stringContaining(message) })
  })
})

describe('an address that is not of the public internet is not asked', () => {
  const mayConnect = (address: string): boolean => !isPrivateAddress(address)
  const where = (url: string): Promise<string> => get('', { url, mayConnect })
  const refused = { status: 422, message: expect.stringContaining('not of the public internet') }

  test.each([
    'http://127.0.0.1',
    'http://2130706433',
    'http://0x7f.1',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://169.254.169.254',
    'http://inside.example',
  ])('%s', async (url) => {
    const before = asked.length
    await expect(where(`${url}:${port}/a.png`)).rejects.toMatchObject(refused)
    expect(asked).toHaveLength(before)
  })

  test('nor one of several that a name has', async () => {
    const resolve = async (): Promise<typeof LOCAL> => [...PUBLIC, ...LOCAL]
    await expect(get('/a.png', { mayConnect, resolve })).rejects.toMatchObject(refused)
  })

  test('nor by way of a redirection', async () => {
    // The first machine may be asked, the one that it sends to may not.
    const addresses = { 'pictures.example': '127.0.0.1', 'inside.example': '127.0.0.2' }
    const resolve = async (host: string): Promise<typeof LOCAL> => [
      { address: addresses[host as keyof typeof addresses], family: 4 },
    ]
    const before = asked.length
    const getting = get('/to-inside', { resolve, mayConnect: (address) => address === '127.0.0.1' })
    await expect(getting).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(/inside\.example.*not of the public internet/),
    })
    expect(asked).toHaveLength(before + 1)
  })

  test('nor where a name means another machine the second time it is asked', async () => {
    let times = 0
    const resolve = async (): Promise<typeof LOCAL> => (times++ === 0 ? LOCAL : PUBLIC)
    // One look decides, and the connection goes there.
    expect(await get('/a.png', { resolve })).toBe('bytes')
    expect(times).toBe(1)
  })
})

test.each([
  ['ftp://pictures.example/a.png', 'begins with http'],
  ['file:///etc/passwd', 'begins with http'],
  ['a.png', 'begins with http'],
  ['http://me:secret@pictures.example/a.png', 'name or password'],
])('%s is refused', async (url, message) => {
  await expect(get('', { url })).rejects.toMatchObject({ message: expect.stringContaining(message) })
})

test('a query, which may hold secrets, is not told', async () => {
  const error: unknown = await get('/nothing?token=abc').catch((reason: unknown) => reason)
  expect(String(error)).toContain('/nothing')
  expect(String(error)).not.toContain('abc')
})
