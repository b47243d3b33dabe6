// Runs that `codevision export --format verifiers` writes, read by verifiers from PyPI with its own types and held against the run folders; then scored anew by its `vf-replay` with a rule of ours, which must agree with the scoring here.
//
//   npm run build && node scripts/verify-verifiers.mjs [--rows 24] [--python PYTHON]
//
// Without --python, verifiers is installed from PyPI into build/verifiers (600 MB).
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { trainerPython } from './trainers/trainer-python.mjs'
import { openVerification } from './trainers/verification.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '24' }, python: { type: 'string' } },
})
const work = mkdtempSync(join(tmpdir(), 'codevision-verifiers-'))
const verification = openVerification()
const codevision = (...args) =>
  execa(process.execPath, [join(root, 'dist/cli/main.js'), ...args], { cwd: work })

try {
  const python =
    values.python === undefined
      ? await trainerPython({ name: 'verifiers', packages: ['verifiers==0.4.0'], atLeast: [3, 11] })
      : resolve(values.python)
  for (const policy of ['tfjs', 'tesseract']) {
    await codevision('demo', '--policy', policy, '--rows', values.rows, '--output', policy)
    const run = join(
      work,
      policy,
      readdirSync(join(work, policy)).find((name) => !/-boards$|-scenes$/.test(name)),
    )
    spoil(run)
    const traces = join(work, `${policy}-traces`)
    await codevision('export', run, '--format', 'verifiers', '--output', traces)
    const file = join(root, 'scripts/trainers/verifiers_traces.py')
    await verification.program({
      file: python,
      args: [file, run, traces],
      what: `a run of ${policy} is read`,
    })
    await scoredAnew({ python, policy, run, traces })
  }
  verification.end()
} finally {
  rmSync(work, { recursive: true, force: true })
}

/** One more rollout of a question, which a machine ended: there is always one. */
function spoil(run) {
  const file = join(run, 'samples.jsonl')
  const [line] = readFileSync(file, 'utf8').split('\n')
  const sample = JSON.parse(line)
  const failed = {
    ...{
      key: sample.key.replace(/#0$/, '#1'),
      epoch: 1,
      outcome: 'model-error',
      trajectory: null,
      scores: {},
    },
    error: { name: 'ModelError', message: 'the server did not answer' },
  }
  appendFileSync(file, `${JSON.stringify({ ...sample, ...failed })}\n`)
}

async function scoredAnew({ python, policy, run, traces }) {
  const out = join(work, `${policy}-again`)
  const options = ['--taskset.id', 'codevision_rules', '--rich', 'false', '--output-dir', out]
  await execa(join(dirname(python), 'vf-replay'), [traces, ...options], {
    cwd: work,
    env: { PYTHONPATH: join(root, 'scripts/trainers') },
  })
  const again = new Map(
    episodesIn(out).map(({ traces: [trace] }) => [trace.id, trace.rewards.exact?.score ?? null]),
  )
  const scored = episodesIn(traces).flatMap(({ traces: all }) => all)
  const differing = scored.filter(({ id, metrics }) => again.get(id) !== metrics.strict)
  const right = [...again.values()].filter((value) => value === 1).length
  verification.check(
    `vf-replay scores ${again.size} rollouts of ${policy} as the scoring here: ${right} right, ${again.size - right} wrong`,
    again.size === scored.length && scored.length > 0 && differing.length === 0,
    JSON.stringify(differing.map(({ id, metrics }) => [id, metrics.strict, again.get(id)]).slice(0, 3)),
  )
}

function episodesIn(folder) {
  const text = readFileSync(join(folder, 'traces.jsonl'), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}
