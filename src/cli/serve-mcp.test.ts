import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import sharp from 'sharp'
import { testRuntime } from '../config/test-runtime.js'

/** `codevision serve mcp` as clients start it. */
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const runtime = testRuntime() ?? 'auto'
const TURN = { code: 'result = image.rotate(90, expand=True)', description: 'turn', image_index: 0 }

let folder: string
const clients: Client[] = []
const running: ChildProcess[] = []

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'codevision-serve-mcp-')))
  const picture = sharp({ create: { width: 8, height: 6, channels: 3, background: 'red' } }).png()
  await picture.toFile(join(folder, 'red.png'))
  await symlink('/etc/hostname', join(folder, 'link.png'))
})

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

const wordsOf = (args: readonly string[]): string[] => [
  ...[program, 'serve', 'mcp', ...args],
  ...(args.includes('--runtime') ? [] : ['--runtime', runtime]),
]

async function textOf(client: Client, name: string, given: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: given })
  return (content as { type: string; text?: string }[])
    .map(({ type, text }) => (type === 'text' ? text : `<${type}>`))
    .join(' ')
}

interface Started {
  child: ChildProcess
  output: { stdout: string; stderr: string }
  exit: Promise<number | null>
}

function start(...args: string[]): Started {
  const child = spawn(process.execPath, wordsOf(args), {
    env: { ...process.env, CODEVISION_SERVICE_TOKEN: '' },
  })
  running.push(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (data) => (output.stdout += String(data)))
  child.stderr.on('data', (data) => (output.stderr += String(data)))
  return { child, output, exit: once(child, 'close').then(([code]) => code as number | null) }
}

async function untilIt({ child, output }: Started, condition: () => boolean): Promise<void> {
  while (!condition()) {
    if (child.exitCode !== null) throw new Error(`The server ended: ${output.stderr}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const line = (message: object): string => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`
const INITIALIZE = line({
  ...{ id: 0, method: 'initialize' },
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '0' } },
})
const callLine = (id: number, name: string, given: object = {}): string =>
  line({ id, method: 'tools/call', params: { name, arguments: given } })

/** Every line that was printed, as the message that it must be. */
function messagesOf({
  output,
}: Started): { id?: number | null; result?: unknown; error?: { code: number } }[] {
  return output.stdout
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as { id?: number })
}

describe('over stdio', () => {
  test('a client opens files of the folder, runs code over them, and what was wrong is explained', async () => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: wordsOf(['--root', folder]),
      stderr: 'ignore',
    })
    const client = new Client({ name: 'test', version: '0' })
    clients.push(client)
    await client.connect(transport as Transport)
    const { tools } = await client.listTools()
    expect(JSON.stringify(tools[0]?.inputSchema)).toContain(folder)
    expect(JSON.stringify(tools[0]?.inputSchema)).not.toContain('http')
    expect(await textOf(client, 'open_image', { path: 'red.png' })).toBe(
      'Image 0 (8 × 6 pixels) is open: red.png. <image>',
    )
    expect(await textOf(client, 'open_image', { path: 'link.png' })).toContain('may be read')
    expect(await textOf(client, 'code_image_tool', { ...TURN, code: 'result = 1 / 0' })).toContain(
      'ZeroDivisionError',
    )
    expect(await textOf(client, 'code_image_tool', TURN)).toBe(
      'Image 1 (6 × 8 pixels) is the result. <image>',
    )
  })

  test('stdout has messages alone, also with a full log, no containment to warn of, and lines that are none', async () => {
    const server = start('--root', folder, '--runtime', 'none', '--log-level', 'debug')
    const { child } = server
    child.stdin?.write(INITIALIZE)
    child.stdin?.write('no message\n{"jsonrpc": "1.0"}\n[]\n\n')
    child.stdin?.write(callLine(1, 'open_image', { path: 'red.png' }))
    await untilIt(server, () => messagesOf(server).length === 2)
    child.stdin?.write(callLine(2, 'code_image_tool', { ...TURN, code: 'print("loud"); result = image' }))
    child.stdin?.write(callLine(3, 'no_such_tool'))
    await untilIt(server, () => messagesOf(server).length === 4)
    expect(
      messagesOf(server)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([0, 1, 2, 3])
    expect(messagesOf(server).find(({ id }) => id === 3)).toMatchObject({ error: { code: -32602 } })
    expect(server.output.stderr).toContain('NOT contained')
    child.stdin?.end()
    expect(await server.exit).toBe(0)
  })

  test.each([
    ['its input ends', (child: ChildProcess) => child.stdin?.end()],
    ['nobody reads its output', (child: ChildProcess) => child.stdout?.destroy()],
    ['it gets SIGTERM', (child: ChildProcess) => child.kill('SIGTERM')],
  ])('the server ends, and the code that runs with it, when %s', async (_, end) => {
    const server = start('--root', folder, '--timeout', '600')
    const { child } = server
    child.stdin?.write(INITIALIZE)
    child.stdin?.write(callLine(1, 'open_image', { path: 'red.png' }))
    await untilIt(server, () => messagesOf(server).length === 2)
    const params = {
      ...{ name: 'code_image_tool', arguments: { ...TURN, code: 'while True: pass' } },
      _meta: { progressToken: 'loop' },
    }
    child.stdin?.write(line({ id: 2, method: 'tools/call', params }))
    // Progress is told: it runs, and there is something to write where nobody reads.
    await untilIt(server, () => messagesOf(server).length === 3)
    end(child)
    expect(await server.exit).toBe(0)
  })

  test('a message that is too long is answered with what to raise, and the next ones are read', async () => {
    const server = start('--root', folder, '--file-mb', '1')
    const { child } = server
    const data = 'x'.repeat(4 << 20)
    child.stdin?.write(INITIALIZE)
    child.stdin?.write(callLine(1, 'open_image', { data }))
    // The SDK's client writes the id behind the parameters.
    const params = { name: 'open_image', arguments: { data } }
    child.stdin?.write(`${JSON.stringify({ method: 'tools/call', params, jsonrpc: '2.0', id: 2 })}\n`)
    child.stdin?.write(`${data}\n`)
    child.stdin?.write(callLine(3, 'open_image', { path: 'red.png' }))
    await untilIt(server, () => messagesOf(server).length === 5)
    const refused = { code: -32600, message: expect.stringContaining('--file-mb') as unknown }
    for (const id of [1, 2, null])
      expect(messagesOf(server).find((message) => message.id === id)).toMatchObject({ error: refused })
    expect(JSON.stringify(messagesOf(server).find(({ id }) => id === 3))).toContain('red.png')
    expect(server.output.stderr.match(/2\.3 MiB.*--file-mb/g)).toHaveLength(3)
    child.stdin?.end()
    expect(await server.exit).toBe(0)
  })

  test('code calls the functions that the operator lists, and the model is told of them', async () => {
    const asked: string[] = []
    const endpoint = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.setHeader('content-type', 'text/plain').end('a sign')
    })
    await once(endpoint.listen(0, '127.0.0.1'), 'listening')
    try {
      const { port } = endpoint.address() as AddressInfo
      const file = join(folder, 'tools.yaml')
      const tool = { name: 'name_it', kind: 'http', url: `http://127.0.0.1:${port}/name`, method: 'GET' }
      const described = {
        description: 'Names what is seen.',
        parameters: { hint: 'string' },
        result: 'string',
      }
      await writeFile(file, JSON.stringify([{ ...tool, ...described }]))
      const client = new Client({ name: 'test', version: '0' })
      clients.push(client)
      const transport = new StdioClientTransport({
        command: process.execPath,
        args: wordsOf(['--root', folder, '--host-tools', file]),
        stderr: 'ignore',
      })
      await client.connect(transport as Transport)
      const { tools } = await client.listTools()
      const { description, annotations } = tools.find(({ name }) => name === 'code_image_tool') ?? {}
      expect(description).toContain('tools.name_it(hint: string) gives a string. Names what is seen.')
      expect(annotations?.readOnlyHint).toBeUndefined()
      await textOf(client, 'open_image', { path: 'red.png' })
      const code = 'print(tools.name_it("red")); result = image'
      expect(await textOf(client, 'code_image_tool', { ...TURN, code })).toContain('a sign')
      expect(asked).toEqual(['/name?hint=red'])
    } finally {
      endpoint.close()
    }
  })

  test('the SDK’s client gets the refusal of a message that is too long as the answer to its request', async () => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: wordsOf(['--root', folder, '--file-mb', '1']),
      stderr: 'ignore',
    })
    const client = new Client({ name: 'test', version: '0' })
    clients.push(client)
    await client.connect(transport as Transport)
    await expect(textOf(client, 'open_image', { data: 'x'.repeat(4 << 20) })).rejects.toThrow('--file-mb')
    expect(await textOf(client, 'open_image', { path: 'red.png' })).toContain('is open')
  })
})

describe('over HTTP', () => {
  test('a client with the token uses it, and SIGTERM ends it with exit code 0', async () => {
    const token = join(folder, 'token')
    await writeFile(token, 'a-token-of-this-test\n', { mode: 0o600 })
    const server = start('--http', '--port', '0', '--token-file', token, '--root', folder)
    await untilIt(server, () => server.output.stdout.includes('MCP server on'))
    const [, url = ''] = /MCP server on (\S+)/.exec(server.output.stdout) ?? []
    const headers = { authorization: 'Bearer a-token-of-this-test' }
    const client = new Client({ name: 'test', version: '0' })
    clients.push(client)
    const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } })
    await client.connect(transport as Transport)
    await textOf(client, 'open_image', { path: 'red.png' })
    expect(await textOf(client, 'code_image_tool', TURN)).toContain('Image 1 (6 × 8 pixels)')
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
    expect(server.output.stderr).not.toContain('a-token-of-this-test')
  })

  test('data of every size that --file-mb lets through is answered by the tool, not refused as a body', async () => {
    const server = start('--http', '--port', '0')
    await untilIt(server, () => server.output.stdout.includes('MCP server on'))
    const [, url = ''] = /MCP server on (\S+)/.exec(server.output.stdout) ?? []
    const client = new Client({ name: 'test', version: '0' })
    clients.push(client)
    await client.connect(new StreamableHTTPClientTransport(new URL(url)) as Transport)
    // 51 MiB that are no image.
    expect(await textOf(client, 'open_image', { data: 'AAAA'.repeat(17 << 20) })).toContain(
      'data cannot be used',
    )
  })
})

test.each([
  [['--port', '1'], '--port is for HTTP: add --http'],
  [['--token-file', 'x'], '--token-file is for HTTP'],
  [['--allow-origin', 'https://chat.example'], '--allow-origin is for HTTP'],
  [['--drain', '30'], '--drain is for HTTP'],
  [['--socket-mode', '0660'], '--socket-mode is for HTTP'],
  [['--http', '--port', '65536'], '--port: expected a whole number from 0 to 65535, got 65536'],
  [['--http', '--port', 'none'], '--port: expected a whole number'],
  [['--http', '--allow-origin', 'https://chat.example/'], 'Write https://chat.example.'],
  [['--host-tools', '/no/such/file.yaml'], '/no/such/file.yaml'],
  [['--root', '/no/such/folder'], '--root /no/such/folder: expected a folder'],
  [['--http', '--host', '0.0.0.0'], '--token-file'],
  [['--http', '--body-mb', '512'], '--body-mb: expected at most 511'],
  [['--max-pixels', '10'], '--max-pixels: expected a whole number of at least 784'],
  [['--sent-kb', '1'], '--sent-kb: expected a whole number of at least 8'],
  [['--lease', '0'], '--lease: expected a positive number'],
])('refuses %j with exit code 2, and nothing on stdout', async (args, message) => {
  const server = start(...args)
  expect(await server.exit).toBe(2)
  expect(server.output.stderr).toContain(message)
  expect(server.output.stdout).toBe('')
})
