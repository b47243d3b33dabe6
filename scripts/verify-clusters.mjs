// What `codevision cluster manifest` writes, tried: an evaluation of recorded answers in four shards, one of which is killed in the middle, by a Slurm of one node on
// this machine, and by the commands of the pods of Kubernetes' Jobs, whose manifests are held against the published schemas. Both merged runs must be that of the
// evaluation without shards.
//
//   npm run build && node scripts/verify-clusters.mjs [--part slurm|kubernetes]
//
// Slurm and shellcheck are Debian's (apt-get install slurm-wlm shellcheck; as root); kubernetes-validate comes from PyPI into build/kubernetes-validate.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { serveRecorded } from './serve-recorded.mjs'
import { readJob, runPod } from './trainers/local-pods.mjs'
import { chosenParts } from './trainers/chosen-parts.mjs'
import { missingOfSlurm, startLocalSlurm } from './trainers/local-slurm.mjs'
import { trainerPython } from './trainers/trainer-python.mjs'
import { openVerification } from './trainers/verification.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: { part: { type: 'string', multiple: true } },
})
const parts = chosenParts({ given: values.part, parts: ['kubernetes', 'slurm'] })
const program = join(root, 'dist/cli/main.js')
const work = mkdtempSync(join(tmpdir(), 'codevision-clusters-'))
const runs = join(work, 'runs')
const SHARDS = 4
const EPOCHS = 2
/** Versions of Kubernetes whose schemas are asked. */
const KUBERNETES = ['1.33', '1.34', '1.35', '1.36', '1.37']
const verification = openVerification()
const { check } = verification
const recording = join(root, 'scripts/recorded/demo-answers.json')
const { seed, rows } = JSON.parse(readFileSync(recording, 'utf8'))
const samples = rows * EPOCHS
const codevision = (args, env = {}) =>
  execa(process.execPath, [program, ...args], { cwd: work, reject: false, all: true, env })

const server = await serveRecorded({ file: recording, delayMs: 100 })
try {
  const data = join(work, 'rows.parquet')
  const drawn = [join(root, 'scripts/draw-demo.mjs'), data, '--rows', String(rows), '--seed', seed]
  await execa(process.execPath, drawn)
  const evaluation = [
    ...[data, '--judge', 'none', '--profile', 'strict', '--turns', '4', '--epochs', String(EPOCHS)],
    ...['--no-cache', '--concurrency', '2', '--model', 'recorded', '--output', runs],
  ]
  const key = 'a-key-of-this-test'
  const env = { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: key }
  const alone = await codevision(['eval', ...evaluation, '--name', 'alone'], env)
  check(`without shards, the evaluation of ${samples} samples ends well`, alone.exitCode === 0, alone.all)
  const manifest = (system, options) =>
    codevision([
      ...['cluster', 'manifest', system, '--shards', String(SHARDS), ...options, '--out', join(work, system)],
      ...['--', process.execPath, program, 'eval', ...evaluation, '--name', system],
    ])
  if (parts.includes('kubernetes')) await checkKubernetes({ manifest, env })
  if (parts.includes('slurm')) await checkSlurm({ manifest, env })
} finally {
  await server.close()
  rmSync(work, { recursive: true, force: true })
}
verification.end()

async function checkKubernetes({ manifest, env }) {
  const address = ['--env', `OPENAI_BASE_URL=${env.OPENAI_BASE_URL}`, '--secret', 'codevision']
  const written = await manifest('kubernetes', [
    '--image',
    'evaluation',
    '--volume',
    `runs=${work}`,
    ...address,
  ])
  check('Kubernetes: the manifests are written', written.exitCode === 0, written.all)
  await checkShell('kubernetes', ['submit.sh'])
  await checkSchemas(['shards.yaml', 'merge.yaml'].map((name) => join(work, 'kubernetes', name)))
  const job = readJob(join(work, 'kubernetes/shards.yaml'))
  const merge = readJob(join(work, 'kubernetes/merge.yaml'))
  check(
    `the Job has ${job.spec.completions} indices, and pods with no more than bubblewrap needs`,
    job.spec.completionMode === 'Indexed' && job.spec.completions === SHARDS && isUnprivileged(job),
    job,
  )
  // What the Job's controller and a node do: a pod for each index, the Secret's keys in its environment; a pod that is killed is replaced.
  const pod = (index) => runPod({ job, index, env: { OPENAI_API_KEY: env.OPENAI_API_KEY }, cwd: work })
  const pods = Array.from({ length: SHARDS }, (_, index) => pod(index))
  const before = await killInTheMiddle('kubernetes', 2, pods[1])
  const ended = await Promise.all(pods)
  check(
    `of ${SHARDS} pods the one of index 1 is killed, the others end well`,
    ended.every(({ exitCode, signal }, index) => (index === 1 ? signal === 'SIGKILL' : exitCode === 0)),
    ended.map(({ all }) => all.slice(-1000)).join('\n'),
  )
  const early = await runPod({ job: merge, cwd: work })
  check(
    'merged too early, the run is told to be incomplete',
    early.exitCode === 1 && /Not all of/.test(early.all),
    early.all,
  )
  rmSync(join(runs, 'kubernetes'), { recursive: true, force: true })
  const second = await pod(1)
  check('the pod that replaces it ends well', second.exitCode === 0, second.all)
  check('it went on with the run that was there', shardText('kubernetes', 2).startsWith(before))
  const again = await pod(0)
  check('a pod whose shard was complete ends well', again.exitCode === 0, again.all)
  const merged = await runPod({ job: merge, cwd: work })
  check('the Job that merges ends well', merged.exitCode === 0, merged.all)
  checkMerged('kubernetes', env.OPENAI_API_KEY)
  const taken = await pod(0)
  check(
    'a pod begins nothing where the merged run is there',
    taken.exitCode === 2 && /expected nothing there/.test(taken.all),
    taken.all,
  )
  const lost = await runPod({ job, cwd: work })
  check('without its index a pod runs nothing', lost.exitCode !== 0 && /is set by the cluster/.test(lost.all))
}

/** The commands, held against the schemas that the versions of Kubernetes publish; unknown fields are refused. */
async function checkSchemas(files) {
  const python = await trainerPython({
    name: 'kubernetes-validate',
    packages: ['kubernetes-validate==1.37.0'],
  })
  for (const version of KUBERNETES) {
    const done = await execa(
      python,
      ['-m', 'kubernetes_validate', '--strict', '--kubernetes-version', version, ...files],
      { reject: false, all: true },
    )
    check(`Kubernetes ${version} knows every field of both Jobs`, done.exitCode === 0, done.all)
  }
}

function isUnprivileged({ spec: { template } }) {
  const [{ securityContext }] = template.spec.containers
  return (
    template.spec.hostUsers === false &&
    template.spec.securityContext.runAsNonRoot === true &&
    securityContext.allowPrivilegeEscalation === false &&
    securityContext.capabilities.add === undefined
  )
}

async function checkSlurm({ manifest, env }) {
  const written = await manifest('slurm', ['--cpus', '1', '--memory', '1', '--prepare', 'echo prepared'])
  check('Slurm: the scripts are written', written.exitCode === 0, written.all)
  await checkShell('slurm', ['submit.sh', 'shards.sbatch', 'merge.sbatch'])
  const missing = await missingOfSlurm()
  check('Slurm is here (Debian: apt-get install slurm-wlm)', missing.length === 0, missing)
  if (missing.length > 0) return
  const slurm = await startLocalSlurm({ folder: mkdtempSync(join(work, 'slurm-')), cpus: SHARDS })
  try {
    const files = join(work, 'slurm')
    for (const name of ['shards.sbatch', 'merge.sbatch']) {
      const tested = await slurm.run('sbatch', '--test-only', join(files, name))
      check(`sbatch --test-only accepts ${name}`, tested.exitCode === 0, tested.all)
    }
    const submit = () =>
      execa(join(files, 'submit.sh'), [], {
        cwd: work,
        reject: false,
        all: true,
        env: { ...env, ...slurm.env },
      })
    const submitted = await submit()
    const [, shards, merge] = /shards (\d+), merge (\d+)/.exec(submitted.all) ?? []
    check(
      'submit.sh submits the array and its merge',
      submitted.exitCode === 0 && merge !== undefined,
      submitted.all,
    )
    // Killed: it begins again in its task. At its time limit, as Slurm tells it: its task goes back into the queue.
    const [killed, returned] = await Promise.all([
      killInTheMiddle('slurm', 2, { kill: () => execa('kill', ['-KILL', evaluationOf('slurm', 2)]) }),
      killInTheMiddle('slurm', 3, {
        kill: () => slurm.run('scancel', '--batch', '--signal=USR1', `${shards}_2`),
      }),
    ])
    await until(async () => (await slurm.run('squeue', '--noheader')).all.trim() === '', 300)
    const log = (shard) => logOf(`shard-${shard - 1}-`)
    check(
      'a shard whose evaluation was killed was begun again in its task',
      (log(2).match(/Run: /g) ?? []).length === 1 && shardText('slurm', 2).startsWith(killed),
      log(2),
    )
    check(
      'a shard at its time limit went back into the queue, and went on with its run',
      /goes back into the queue/.test(log(3)) &&
        (log(3).match(/^prepared$/gm) ?? []).length === 2 &&
        shardText('slurm', 3).startsWith(returned),
      log(3),
    )
    check(
      'the merge began when all had succeeded',
      /Run: .*runs\/slurm$/m.test(logOf('merge-')),
      logOf('merge-'),
    )
    checkMerged('slurm', env.OPENAI_API_KEY)
    const taken = await submit()
    check('a run that is there is not written over', taken.exitCode === 2, taken.all)
  } finally {
    await slurm.stop()
  }
}

async function checkShell(folder, names) {
  const done = await execa(
    'shellcheck',
    names.map((name) => join(work, folder, name)),
    { reject: false, all: true },
  )
  check(`shellcheck has nothing to say to ${names.join(', ')}`, done.exitCode === 0, done.all ?? String(done))
}

/** Wait until a shard has finished some of its samples and not all, then end it. @returns what it has written by then. */
async function killInTheMiddle(name, shard, { kill }) {
  await until(() => shardText(name, shard).split('\n').length > 3, 180)
  const before = shardText(name, shard)
  const done = before.split('\n').length - 1
  await kill('SIGKILL')
  check(`shard ${shard} is ended with ${done} of ${samples / SHARDS} samples`, done < samples / SHARDS, done)
  return before
}

/** The process of a shard's evaluation. */
function evaluationOf(name, shard) {
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const words = readText(`/proc/${pid}/cmdline`).split('\0')
    if (words.includes(program) && words.includes(shardRun(name, shard))) return pid
  }
  throw new Error(`no process evaluates shard ${shard}`)
}

function checkMerged(name, key) {
  const keys = journalOf(name).map((sample) => sample.key)
  check(
    `${name}: ${samples} samples, none lost and none twice`,
    keys.length === samples && new Set(keys).size === samples,
    keys.length,
  )
  const ofShards = Array.from({ length: SHARDS }, (_, at) => journalOf(shardRun(name, at + 1)).length)
  check('none was done twice in the shards either', ofShards.reduce((a, b) => a + b) === samples, ofShards)
  const summary = (run) => readText(join(runs, run, 'summary.json'))
  check(
    'summary.json is that of the run without shards, byte for byte',
    summary(name) === summary('alone') && summary(name).includes('overall'),
    summary(name),
  )
  const texts = readdirSync(join(work, name)).map((file) => readText(join(work, name, file)))
  check(
    'the key stands in none of the files',
    texts.every((text) => !text.includes(key)),
  )
}

function shardRun(name, shard) {
  return `${name}-shard-${shard}-of-${SHARDS}`
}

/** Whole lines of a shard's journal. */
function shardText(name, shard) {
  const text = readText(join(runs, shardRun(name, shard), 'samples.jsonl'))
  return text.slice(0, text.lastIndexOf('\n') + 1)
}

function journalOf(run) {
  const lines = readText(join(runs, run, 'samples.jsonl'))
    .split('\n')
    .slice(0, -1)
  return lines.map((line) => JSON.parse(line))
}

function logOf(start) {
  const folder = join(runs, 'slurm-logs')
  return readdirSync(folder)
    .filter((name) => name.startsWith(start))
    .map((name) => readText(join(folder, name)))
    .join('')
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

async function until(isSo, seconds) {
  for (let waited = 0; !(await isSo()); waited += 0.2) {
    if (waited > seconds) throw new Error('waited in vain')
    await sleep(200)
  }
}
