// Starts what compose.yaml describes and uses it: sessions over both sandboxes, one of them killed in the middle of a call, the controller stopped.
//
//   npm run build && node scripts/fetch-wheels.mjs && node scripts/prepare-controller.mjs && scripts/with-docker.sh node scripts/test-compose.mjs
//
// Each service is started by `docker run` with the options that its block says, so that an engine without the compose plugin and without a network
// will do; an entry that this script does not know is an error. Ports are not published: requests are made inside the controller's container.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { parse } from 'yaml'
import { buildComposeImages } from './build-compose-images.mjs'
import { composeCommand } from './compose-command.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const compose = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true })
const TOKEN = 'a-token-of-this-test-alone'
/** What `up` starts: services of a profile are asked for by name (scripts/test-batch.mjs). */
const services = Object.fromEntries(Object.entries(compose.services).filter(([, { profiles }]) => !profiles))
const prefix = `codevision-compose-${process.pid}`
const work = mkdtempSync(join(tmpdir(), 'codevision-compose-'))
const started = []
let failed = 0

async function docker(args, options = {}) {
  return execa('docker', args, options)
}

/** By the tools themselves, where there are any. */
async function checkFile() {
  const tool = await composeCommand()
  if (tool === null) {
    console.log('neither docker compose nor docker-compose is here: the file is not checked by them')
    return
  }
  const [file, ...args] = tool
  const { exitCode, stderr } = await execa(
    file,
    [...args, '--file', join(root, 'compose.yaml'), 'config', '--quiet'],
    { reject: false },
  )
  check(`${tool.join(' ')} config accepts compose.yaml`, exitCode === 0, stderr)
}

async function createVolume(name, { driver, driver_opts: options }) {
  const given = Object.entries(options).flatMap(([key, value]) => ['--opt', `${key}=${value}`])
  await docker(['volume', 'create', '--driver', driver, ...given, `${prefix}-${name}`])
}

/** Options of `docker run` by the entry of a service. */
const OPTIONS = {
  image: () => [],
  build: () => [],
  command: () => [],
  depends_on: () => [],
  // Without a network; see above.
  ports: () => ['--network', 'none'],
  network_mode: (mode) => ['--network', mode],
  restart: (policy) => ['--restart', policy],
  init: (isOn) => [`--init=${isOn}`],
  ipc: (mode) => ['--ipc', mode],
  read_only: (isOn) => [`--read-only=${isOn}`],
  user: (user) => ['--user', user],
  cap_drop: (names) => names.flatMap((name) => ['--cap-drop', name]),
  security_opt: (options) => options.flatMap((option) => ['--security-opt', option]),
  mem_limit: (size) => ['--memory', size],
  memswap_limit: (size) => ['--memory-swap', size],
  pids_limit: (count) => ['--pids-limit', String(count)],
  shm_size: (size) => ['--shm-size', size],
  ulimits: (limits) => Object.entries(limits).flatMap(([name, value]) => ['--ulimit', `${name}=${value}`]),
  tmpfs: (mounts) => mounts.flatMap((mount) => ['--tmpfs', mount]),
  environment: (variables) =>
    Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  stop_grace_period: (time) => ['--stop-timeout', String(Number.parseInt(time, 10))],
  volumes: (mounts) => mounts.flatMap((mount) => ['--volume', `${prefix}-${mount}`]),
  secrets: (names) =>
    names.flatMap((name) => [
      '--mount',
      `type=bind,src=${secretFile(name)},dst=/run/secrets/${name},readonly`,
    ]),
  healthcheck: ({ test: [, ...test], interval }) => [
    ...['--health-cmd', test.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')],
    ...['--health-interval', interval === undefined ? '15s' : '2s'],
  ],
}

function secretFile(name) {
  const file = join(work, name)
  writeFileSync(file, `${TOKEN}\n`, { mode: 0o644 })
  return file
}

async function startService(name, service) {
  const options = Object.entries(service).flatMap(([key, value]) => {
    const option = OPTIONS[key]
    if (option === undefined)
      throw new Error(`compose.yaml: ${name}.${key} is not known to scripts/test-compose.mjs`)
    return option(value)
  })
  const container = `${prefix}-${name}`
  started.unshift(container)
  await docker(['run', '--detach', '--name', container, ...options, service.image, ...service.command])
}

async function use() {
  const controller = `${prefix}-controller`
  await until('the service answers', async () => (await ask(controller, 'GET', '/healthz')).status === 200)
  await until('its health check passes', async () => {
    const { stdout } = await docker(['inspect', '--format', '{{.State.Health.Status}}', controller])
    return stdout === 'healthy'
  })
  check(
    'without the token nothing is answered',
    (await ask(controller, 'GET', '/metrics', undefined, 'wrong')).status === 401,
  )

  const picture =
    'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAHElEQVR4nGNgYNAIYNBYwKDBwFChEVChsaBCAwAgbAQ5U5hoxQAAAABJRU5ErkJggg=='
  for (const id of ['a', 'b', 'c', 'd']) {
    const opened = await ask(controller, 'POST', '/v1/sessions', { id, images: [picture] })
    const turned = await execute(controller, id, '1', 'result = image.rotate(90, expand=True)')
    check(
      `session ${id}: 3 × 2 pixels become 2 × 3`,
      opened.status === 201 && turned.json.image?.width === 2 && turned.json.image?.height === 3,
      turned,
    )
  }
  for (const [name, { volumes }] of Object.entries(services).filter(([key]) => key.startsWith('sandbox'))) {
    const look =
      'import os; print(sorted(os.listdir("/run/codevision")), len(os.listdir("/run/codevision/exchange")), os.listdir("/sys/class/net"), os.getuid())'
    const { stdout } = await docker(['exec', `${prefix}-${name}`, '/opt/bin/python3.11', '-I', '-c', look])
    check(
      `${name} (${volumes}) sees its own folder, one controller in it, no network`,
      stdout === "['exchange', 'sandbox.sock'] 1 ['lo'] 65532",
      stdout,
    )
  }

  const slow = ['a', 'b', 'c', 'd'].map((id) =>
    execute(controller, id, '2', 'import time\ntime.sleep(2)\nresult = images[1].rotate(90, expand=True)'),
  )
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const { stdout: pid } = await docker(['inspect', '--format', '{{.State.Pid}}', `${prefix}-sandbox-1`])
  const killed = performance.now()
  process.kill(Number(pid), 'SIGKILL')
  const results = await Promise.all(slow)
  check(
    `sandbox-1 was killed during four calls: all gave their result, the last after ${((performance.now() - killed) / 1000).toFixed(1)} s`,
    results.every(({ json }) => json.status === 'ok' && json.image.index === 2 && json.image.width === 3),
    results,
  )
  const { stdout: restarts } = await docker([
    'inspect',
    '--format',
    '{{.RestartCount}}',
    `${prefix}-sandbox-1`,
  ])
  check('it was started anew once', restarts === '1', restarts)

  const last = execute(controller, 'b', '3', 'import time\ntime.sleep(1)\nresult = image')
  await new Promise((resolve) => setTimeout(resolve, 500))
  await docker(['stop', controller])
  const { stdout: code } = await docker(['inspect', '--format', '{{.State.ExitCode}}', controller])
  check('the controller, stopped during a call, ended with exit code 0', code === '0', code)
  await last.catch(() => undefined)
  const { stdout: left } = await docker([
    'exec',
    `${prefix}-sandbox-2`,
    '/opt/bin/python3.11',
    '-I',
    '-c',
    'import os; print(os.listdir("/run/codevision/exchange"))',
  ])
  check('nothing of it is left in the exchange directory', left === '[]', left)
}

async function execute(controller, id, callId, code) {
  return ask(controller, 'POST', `/v1/sessions/${id}/execute`, { call_id: callId, code })
}

/** A request from within the controller's container. */
async function ask(container, method, path, body, token = TOKEN) {
  const program = `const [method, path, token, body] = process.argv.slice(1)
    const headers = { authorization: 'Bearer ' + token, ...(body && { 'content-type': 'application/json' }) }
    fetch('http://127.0.0.1:8000' + path, { method, headers, ...(body && { body }) })
      .then(async (answer) => console.log(JSON.stringify({ status: answer.status, json: await answer.json().catch(() => ({})) })))
      .catch((error) => console.log(JSON.stringify({ status: 0, json: String(error) })))`
  const args = ['exec', container, 'node', '-e', program, '--', method, path, token]
  const { stdout, stderr } = await docker([...args, ...(body === undefined ? [] : [JSON.stringify(body)])], {
    reject: false,
  })
  try {
    return JSON.parse(stdout)
  } catch {
    return { status: 0, json: { stdout, stderr } }
  }
}

async function until(what, condition) {
  const giveUpAt = performance.now() + 60_000
  while (!(await condition())) {
    if (performance.now() > giveUpAt) {
      for (const name of started) {
        const { stdout, stderr } = await docker(['logs', '--tail', '20', name], { reject: false })
        console.error(`--- ${name}\n${stdout}\n${stderr}`)
      }
      throw new Error(`${what}: not within 60 s`)
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  check(what, true)
}

function check(what, isRight, got) {
  console.log(`${isRight ? 'ok  ' : 'FAIL'} ${what}`)
  if (isRight) return
  failed += 1
  console.error(JSON.stringify(got)?.slice(0, 2000))
}

try {
  await checkFile()
  await buildComposeImages({ compose, root, log: console.log })
  for (const [name, volume] of Object.entries(compose.volumes)) await createVolume(name, volume)
  for (const [name, service] of Object.entries(services)) await startService(name, service)
  await use()
} finally {
  for (const name of started) await docker(['rm', '--force', name], { reject: false })
  for (const name of Object.keys(compose.volumes))
    await docker(['volume', 'rm', '--force', `${prefix}-${name}`], { reject: false })
  rmSync(work, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1
