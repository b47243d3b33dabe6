// Jobs of Ray, with Ray itself: a cluster of three nodes on this machine; `codevision cluster submit|status|logs|stop` against its dashboard; and an evaluation in shards, of which a node is killed in the middle.
//
//   npm run build && node scripts/verify-ray.mjs [--python PYTHON] [--part jobs|shards]
//
// Without --python, Ray is installed from PyPI into build/ray.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { serveRecorded } from './serve-recorded.mjs'
import { chosenParts } from './trainers/chosen-parts.mjs'
import { startRayCluster } from './trainers/ray-cluster.mjs'
import { trainerPython } from './trainers/trainer-python.mjs'
import { openVerification } from './trainers/verification.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    part: { type: 'string', multiple: true },
  },
})
const parts = chosenParts({ given: values.part, parts: ['jobs', 'shards'] })
const program = join(root, 'dist/cli/main.js')
const work = mkdtempSync(join(tmpdir(), 'codevision-ray-'))
const { check, end } = openVerification()

/** Programs that the head and the second node have, and the first has not. */
const programs = join(work, 'programs')
const own = 'codevision-of-two-nodes'
let cluster
const codevision = (args, options = {}) =>
  execa(process.execPath, [program, ...args], {
    cwd: work,
    reject: false,
    all: true,
    ...options,
    env: { RAY_API_SERVER_ADDRESS: cluster.address, RAY_AUTH_TOKEN: cluster.token, ...options.env },
  })
const submit = (options, ...words) => codevision(['cluster', 'submit', ...options, '--', ...words])
const onCluster = (...args) => codevision(['cluster', ...args])

try {
  mkdirSync(programs)
  writeFileSync(join(programs, own), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, {
    mode: 0o755,
  })
  const python = values.python ?? (await trainerPython({ name: 'ray', packages: ['ray[default]==2.60.0'] }))
  cluster = await startRayCluster({
    python,
    nodes: {
      head: { cpus: 1, folder: programs },
      first: { cpus: 1, resources: { sandbox: 1 } },
      second: { cpus: 1, resources: { sandbox: 1 }, folder: programs },
    },
  })
  if (parts.includes('jobs')) await checkJobs()
  if (parts.includes('shards')) await checkShards()
} finally {
  await cluster?.stop()
  rmSync(work, { recursive: true, force: true })
}
check('nothing of the cluster is left', cluster.processes().length === 0, cluster.processes())
end()

async function checkJobs() {
  const none = await onCluster('status')
  check(
    'a cluster without jobs says so',
    none.exitCode === 0 && none.stdout.includes('has no jobs'),
    none.all,
  )

  const denied = await codevision(['cluster', 'status'], {
    env: { RAY_AUTH_TOKEN: 'another-token-than-that' },
  })
  check(
    'another token is refused, with where to set it',
    denied.exitCode === 1 && denied.stderr.includes('RAY_AUTH_TOKEN'),
    denied.all,
  )

  const folder = join(work, 'project')
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  writeFileSync(join(folder, 'hello.txt'), 'hello from the package\n')
  writeFileSync(join(folder, 'run.sh'), '#!/bin/sh\necho "as $WHO"; ls; cat hello.txt\n', { mode: 0o755 })
  writeFileSync(join(folder, 'secret.txt'), 'x')
  writeFileSync(join(folder, '.rayignore'), 'secret.txt\n')
  const sent = ['--working-dir', folder, '--env', 'WHO=a reader', '--follow']
  const first = await submit(sent, './run.sh')
  const isWhole = ['as a reader', 'hello from the package'].every((text) => first.stdout.includes(text))
  check(
    'a job runs in its package, with its variables, and its log is followed',
    first.exitCode === 0 && isWhole,
    first.all,
  )
  check(
    'a file that may be run may be run there; what is left out is not there',
    first.stdout.includes('run.sh') && !/secret|node_modules/.test(first.stdout),
    first.all,
  )
  const again = await submit(sent, './run.sh')
  check(
    'the same submission is the same job, its log told again',
    again.exitCode === 0 &&
      again.stdout.includes('had been submitted before') &&
      again.stdout.includes('hello from'),
    again.all,
  )
  const named = await submit([...sent, '--id', 'named'], './run.sh')
  check(
    'under another name it runs once more, and its package is there',
    named.exitCode === 0 && named.stderr.includes('the cluster has it'),
    named.all,
  )
  const taken = await submit(['--id', 'named'], 'true')
  check(
    'a name that is taken is refused',
    taken.exitCode === 2 && taken.stderr.includes('another job'),
    taken.all,
  )

  const long = 30_000
  const lines = await submit(
    ['--follow'],
    `python -c "for i in range(${long}): print('line', i, '.' * (i % 90))"`,
  )
  const counted = [...lines.stdout.matchAll(/^line (\d+) /gm)].map(([, number]) => Number(number))
  check(
    `a log of ${long} lines comes whole and in order`,
    counted.length === long && counted.every((number, at) => number === at),
    counted.length,
  )

  const failing = await submit(['--id', 'failing', '--follow'], 'echo before; exit 3')
  check(
    'a job that fails is exit code 1',
    failing.exitCode === 1 && failing.stdout.includes('before'),
    failing.all,
  )
  const told = await onCluster('status', 'failing')
  check('its exit code is told', told.stdout.includes('FAILED, exit code 3'), told.all)

  await submit(['--id', 'endless'], 'while true; do echo tick; sleep 1; done')
  const following = onCluster('logs', 'endless', '--follow')
  await untilSo(async () => (await onCluster('status', 'endless')).stdout.includes('RUNNING'), 60)
  await sleep(2_000)
  const stopped = await onCluster('stop', 'endless')
  check('a job is stopped', stopped.exitCode === 0 && stopped.stdout.includes('STOPPED'), stopped.all)
  const followed = await following
  check(
    'who follows it sees the end',
    followed.exitCode === 1 && followed.stdout.includes('tick') && followed.stderr.includes('STOPPED'),
    followed.all,
  )
  const twice = await onCluster('stop', 'endless')
  check('one that is over is left alone', twice.stdout.includes('was over before'), twice.all)

  const silent = await submit(
    ['--id', 'silent', '--follow', '--silent-after', '4'],
    'echo one; sleep 12; echo two',
  )
  check(
    'a log that stands still is told',
    silent.exitCode === 0 && silent.stderr.includes('its log has not grown'),
    silent.all,
  )

  await submit(['--id', 'large', '--cpus', '99'], 'true')
  const large = await onCluster('status', 'large')
  check(
    'a job that no node has room for is told apart',
    /asks for CPU 99, which no live node has/.test(large.stdout),
    large.all,
  )
  const waiting = await onCluster('stop', 'large')
  check(
    'it is told to end when it begins',
    waiting.exitCode === 0 && waiting.stdout.includes('has not begun'),
    waiting.all,
  )

  const missing = await onCluster('logs', 'nowhere')
  check(
    'a job that is not there is an error',
    missing.exitCode === 1 && missing.stderr.includes('has no job'),
    missing.all,
  )
  const list = await onCluster('status')
  check(
    'all jobs are listed',
    ['named', 'failing', 'endless', 'silent', 'large'].every((id) => list.stdout.includes(id)),
    list.all,
  )
}

async function checkShards() {
  const recording = join(root, 'scripts/recorded/demo-answers.json')
  const { seed, rows } = JSON.parse(readFileSync(recording, 'utf8'))
  const epochs = 6
  const server = await serveRecorded({ file: recording, delayMs: 120 })
  try {
    const data = join(work, 'rows.parquet')
    await execa(process.execPath, [
      join(root, 'scripts/draw-demo.mjs'),
      data,
      '--rows',
      String(rows),
      '--seed',
      seed,
    ])
    const env = { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: '' }
    const runs = join(work, 'runs')
    const common = ['--judge', 'none', '--profile', 'strict', '--turns', '4', '--epochs', String(epochs)]
    const options = [...common, '--no-cache', '--concurrency', '2', '--model', 'recorded', '--output', runs]
    const alone = await codevision(['eval', data, ...options, '--name', 'alone'], { env })
    check('left alone, the evaluation ends well', alone.exitCode === 0, alone.all)

    const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
    await checkMissingProgram({ variables, words: ['eval', data, ...options] })
    const shards = ['--shards', '4', '--shard-resource', 'sandbox=1', '--id', 'shards', ...variables]
    const words = [process.execPath, program, 'eval', data, ...options, '--name', 'sharded']
    const submitted = await submit(shards, ...words)
    check('an evaluation is submitted in shards', submitted.exitCode === 0, submitted.all)
    const watching = onCluster('status', 'shards', '--wait')

    // In the middle of its work: both nodes have finished samples of theirs.
    const done = () => shardsOf(runs).map((name) => journalOf(runs, name).length)
    await untilSo(() => done().filter((count) => count >= 3).length >= 2, 180)
    const busy = ['first', 'second'].find((name) =>
      cluster.processes(name).some(({ command }) => command.includes('--shard')),
    )
    const before = done()
    const texts = shardsOf(runs).map((name) => [name, textOf(runs, name)])
    cluster.killRaylet(busy)
    check(`node ${busy} is killed when shards have ${before.join(', ')} samples`, busy !== undefined)
    await sleep(3_000)
    const orphans = cluster.processes(busy).filter(({ command }) => command.includes('--shard'))
    check('no evaluation outlives its node', orphans.length === 0, orphans)

    const watched = await watching
    const log = await onCluster('logs', 'shards')
    check(
      'the job ends well on the nodes that are left',
      watched.exitCode === 0,
      `${watched.all}\n${log.stdout.slice(-4000)}`,
    )
    check('the loss is told in a line', /nodes died since it began/.test(watched.stderr), watched.all)
    check(
      'the shards are merged',
      shardsOf(runs).length === 4 && textOf(runs, 'sharded') !== '',
      log.stdout.slice(-2000),
    )
    const kept = texts.filter(([name, text]) => textOf(runs, name).startsWith(text)).length
    check(`${kept} of ${texts.length} shards went on with the run that was there`, kept === texts.length)

    const keys = journalOf(runs, 'sharded').map(({ key }) => key)
    const expected = rows * epochs
    check(
      `${expected} samples, none lost and none twice`,
      keys.length === expected && new Set(keys).size === expected,
      `${keys.length} of which ${new Set(keys).size} different`,
    )
    const ofShards = shardsOf(runs).flatMap((name) => journalOf(runs, name).map(({ key }) => key))
    check(
      'none was done twice in the shards either',
      ofShards.length === expected && new Set(ofShards).size === expected,
      ofShards.length,
    )
    const summary = (name) => textOf(runs, name, 'summary.json')
    check(
      'summary.json is that of the run without shards, byte for byte',
      summary('sharded') === summary('alone') && summary('alone').includes('overall'),
      summary('sharded'),
    )

    const taken = await submit(['--shards', '2', '--id', 'again', '--follow'], ...words)
    check(
      'a run that is there is not written over',
      taken.exitCode === 1 && taken.stdout.includes('expected nothing there'),
      taken.all,
    )

    // A driver on a worker node, which is then cut off as a whole.
    const left = busy === 'first' ? 'second' : 'first'
    await submit(['--id', 'lonely', '--resource', `${left}=1`], 'sleep 600')
    await untilSo(async () => (await onCluster('status', 'lonely')).stdout.includes('RUNNING'), 60)
    const lonely = onCluster('logs', 'lonely', '--follow')
    await sleep(3_000)
    cluster.killNode(left)
    const lost = await lonely
    check(
      'a driver that is lost with its node is told',
      lost.exitCode === 1 && /which ran its driver, is dead/.test(lost.stderr),
      lost.all,
    )
  } finally {
    await server.close()
  }
}

/** One of two nodes lacks the program: that is told, and its shards go to the other one. */
async function checkMissingProgram({ variables, words }) {
  const shards = ['--shards', '4', '--shard-resource', 'sandbox=1']
  const asked = [...shards, '--id', 'missing', ...variables, '--follow']
  const done = await submit(asked, own, ...words, '--limit', '4', '--epochs', '1', '--name', 'partly')
  check(
    'a node without the program is told, in words',
    done.stdout.includes(`not done: ${own} cannot be started on`) && !done.stdout.includes('Traceback'),
    done.all,
  )
  check(
    'its shards go to the other node, which does them all',
    done.exitCode === 0 &&
      done.stdout.includes('It goes to another node') &&
      (done.stdout.match(/Shard \d on \S+: exit code 0/g) ?? []).length === 4,
    done.all,
  )
  const none = await submit(
    ['--shards', '1', '--id', 'no-program', '--follow'],
    ...['codevision-of-no-node', ...words, '--name', 'none'],
  )
  check(
    'a program that no node has is told, and no stack',
    none.exitCode === 1 && none.stdout.includes('Nothing is merged') && !none.all.includes('Traceback'),
    none.all,
  )
}

function shardsOf(runs) {
  try {
    return readdirSync(runs).filter((name) => name.startsWith('sharded-shard-'))
  } catch {
    return []
  }
}

/** Whole lines of a run's file; none where it is not there. */
function textOf(runs, name, file = 'samples.jsonl') {
  try {
    const text = readFileSync(join(runs, name, file), 'utf8')
    return text.slice(0, text.lastIndexOf('\n') + 1)
  } catch {
    return ''
  }
}

function journalOf(runs, name) {
  const lines = textOf(runs, name).split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line))
}

async function untilSo(isSo, seconds) {
  for (let waited = 0; !(await isSo()); waited += 1) {
    if (waited > seconds) throw new Error('waited in vain')
    await sleep(1_000)
  }
}
