// The environment service under the client that openenv-core publishes, unmodified: whole episodes over drawn tasks with known answers, many at once, wrong messages, and OpenEnv's own validator.
//
//   npm run build && node scripts/verify-openenv.mjs [--episodes 64] [--python PYTHON] [--runtime auto]
//   npm run build && node scripts/verify-openenv.mjs --episodes 4      the short form
//
// Without --python, openenv-core is installed from PyPI into build/openenv (half a minute).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { serveEnvironment } from '../dist/benchmark/environment/serve-environment.js'
import { loadSuite } from '../dist/index.js'
import { trainerPython } from './trainers/trainer-python.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const program = join(root, 'dist/cli/main.js')
const { values } = parseArgs({
  options: {
    episodes: { type: 'string', default: '64' },
    rows: { type: 'string', default: '24' },
    python: { type: 'string' },
    runtime: { type: 'string', default: 'auto' },
  },
})
const work = mkdtempSync(join(tmpdir(), 'codevision-openenv-'))
let failed = 0

try {
  const python =
    values.python ?? (await trainerPython({ name: 'openenv', packages: ['openenv-core==0.3.0'] }))
  await execa(
    process.execPath,
    [program, 'data', 'synth', '--rows', values.rows, '--seed', 'openenv', '--out', 'mini'],
    { cwd: work },
  )
  const rows = join(work, 'mini/rows.parquet')
  writeFileSync(join(work, 'tasks.json'), JSON.stringify(await known(rows)))
  const service = await serveEnvironment([
    '--data',
    rows,
    '--runtime',
    values.runtime,
    '--log-level',
    'error',
  ])
  try {
    await run(python, [
      join(root, 'scripts/trainers/openenv_episodes.py'),
      service.url,
      join(work, 'tasks.json'),
      values.episodes,
    ])
    await validate(python, service.url)
    check('the service ends with exit code 0', (await service.stop()) === 0)
  } finally {
    service.kill()
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
console.log(failed === 0 ? 'ok   all' : `FAIL ${failed}`)
process.exitCode = failed === 0 ? 0 : 1

function check(what, isRight, got = '') {
  console.log(`${isRight ? 'ok  ' : 'FAIL'} ${what}`)
  if (isRight) return
  failed += 1
  console.error(got)
}

/** What the scripted model knows, which the service does not tell: answers, what was applied, where the evidence is. */
async function known(path) {
  const tasks = []
  for await (const { task } of (await loadSuite({ suite: path })).tasks())
    tasks.push({
      answer: task.answers[0],
      transform: task.transform,
      box: task.box,
      tools: task.requiredTools,
    })
  return tasks
}

async function run(python, args) {
  const done = execa(python, args, { reject: false, all: true })
  done.all.pipe(process.stdout, { end: false })
  const { exitCode, all } = await done
  failed += [...all.matchAll(/^FAIL /gm)].length
  check('the client ran to its end', exitCode === 0)
}

/** OpenEnv's own check of a running environment. */
async function validate(python, url) {
  const { stdout } = await execa(python.replace(/python[\d.]*$/, 'openenv'), ['validate', '--url', url], {
    reject: false,
  })
  const { passed, summary } = JSON.parse(stdout)
  check(
    `openenv validate: ${summary.passed_count} of ${summary.total_count} criteria`,
    passed && summary.passed_count === summary.total_count,
    stdout,
  )
}
