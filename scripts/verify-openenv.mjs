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
import { startServiceProcess } from '../dist/services/start-service-process.js'
import { knownTasks } from './trainers/known-tasks.mjs'
import { trainerPython } from './trainers/trainer-python.mjs'
import { openVerification } from './trainers/verification.mjs'

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
const verification = openVerification()
const { check } = verification

try {
  const python =
    values.python ?? (await trainerPython({ name: 'openenv', packages: ['openenv-core==0.3.0'] }))
  await execa(
    process.execPath,
    [program, 'data', 'synth', '--rows', values.rows, '--seed', 'openenv', '--out', 'mini'],
    { cwd: work },
  )
  const rows = join(work, 'mini/rows.parquet')
  writeFileSync(join(work, 'tasks.json'), JSON.stringify(await knownTasks(rows)))
  const service = await startServiceProcess({
    kind: 'env',
    options: ['--data', rows, '--runtime', values.runtime, '--log-level', 'error'],
  })
  try {
    const client = join(root, 'scripts/trainers/openenv_episodes.py')
    const args = [client, service.url, join(work, 'tasks.json'), values.episodes]
    await verification.program({ file: python, args, what: 'the client ran to its end' })
    await validate(python, service.url)
    check('the service ends with exit code 0', (await service.stop()) === 0)
  } finally {
    service.kill()
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
verification.end()

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
