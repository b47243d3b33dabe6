import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import { shardedCommand } from '../shards/sharded-command.js'
import { slurmFiles } from './slurm-files.js'
import type { SlurmSettings } from './slurm-settings.js'

const SETTINGS: SlurmSettings = { parallelism: 2, cpus: 2, memory: 1.5, time: null, prepare: null }
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codevision-slurm-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

function files(
  settings: Partial<SlurmSettings> = {},
  program = 'codevision',
  more: string[] = [],
): Record<string, string> {
  const words = [program, 'eval', 'rows.parquet', '--name', 'mine', '--output', join(folder, 'runs'), ...more]
  return slurmFiles({
    command: shardedCommand({ words, shards: 4 }),
    settings: { ...SETTINGS, ...settings },
  })
}

function program(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, 0o755)
  return path
}

function run(
  script: string,
  env: Record<string, string> = {},
  args: string[] = [],
): { code: number; out: string } {
  try {
    const all = { ...process.env, PATH: `${folder}:${process.env.PATH}`, ...env }
    return { code: 0, out: execFileSync('bash', [script, ...args], { env: all, stdio: 'pipe' }).toString() }
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: Buffer }
    return { code: status, out: stderr.toString() }
  }
}

test('the head asks for an array with a task for each shard, and for what each takes', () => {
  const lines = (files({ time: '1-12:00:00', prepare: 'module load nodejs' })['shards.sbatch'] ?? '').split(
    '\n',
  )
  expect(lines[0]).toBe('#!/bin/bash')
  expect(lines).toEqual(
    expect.arrayContaining([
      ...['#SBATCH --array=0-3%2', '#SBATCH --cpus-per-task=2', '#SBATCH --mem=1536M'],
      ...['#SBATCH --time=1-12:00:00', '#SBATCH --requeue', 'module load nodejs'],
    ]),
  )
  expect(files()['shards.sbatch']).not.toContain('--time')
})

test('a task runs its shard, and ends as its evaluation did where no repetition changes that', () => {
  const asked = program('codevision', `#!/bin/sh\necho "$@" > ${folder}/asked\nexit 2\n`)
  const script = program('shards', files({}, asked)['shards.sbatch'] ?? '')
  expect(run(script, { SLURM_ARRAY_TASK_ID: '1' }).code).toBe(2)
  const said = readFileSync(join(folder, 'asked'), 'utf8').trim()
  expect(said).toBe(`eval --shard 2/4 --name mine-shard-2-of-4 --output ${folder}/runs rows.parquet`)
})

test('near its time limit a task tells its evaluation to end and goes back into the queue; what scancel ends does not', () => {
  program('scontrol', `#!/bin/sh\necho "$@" > ${folder}/requeued\nkill -KILL "$PPID"\n`)
  // It tells the shell that began it, as Slurm does, and ends when that tells it to.
  const text = (signal: string): string =>
    `#!/bin/bash\ntrap 'exit 130' TERM\nkill -${signal} "$PPID"\nfor _ in {1..300}; do sleep 0.1; done\n`
  for (const [signal, isBack] of [
    ['TERM', false],
    ['USR1', true],
  ] as const) {
    const asked = program('codevision', text(signal))
    const script = program('shards', files({}, asked)['shards.sbatch'] ?? '')
    const { code } = run(script, { SLURM_ARRAY_TASK_ID: '0', SLURM_JOB_ID: '17' })
    expect([signal, existsSync(join(folder, 'requeued'))]).toEqual([signal, isBack])
    if (!isBack) expect(code).toBe(130)
  }
  expect(readFileSync(join(folder, 'requeued'), 'utf8')).toBe('requeue 17\n')
})

test('the merge begins when all tasks have succeeded, with the options that submit.sh is given', () => {
  program('sbatch', `#!/bin/sh\necho "$@" >> ${folder}/submitted\necho '7;cluster'\n`)
  for (const [name, text] of Object.entries(files())) program(name, text)
  expect(run(join(folder, 'submit.sh')).out).toContain('Submitted: shards 7, merge 7.')
  const [shards, merge] = readFileSync(join(folder, 'submitted'), 'utf8').split('\n')
  expect(shards).toContain('/runs/mine-logs/shard-%a-%A.log')
  expect(merge).toContain('--dependency afterok:7 --kill-on-invalid-dep=yes')
  expect(merge).toContain('merge.sbatch')
})

test('dependencies and GPUs that submit.sh is given are those of the shards; the rest is both', () => {
  program('sbatch', `#!/bin/sh\necho "$*" >> ${folder}/submitted\necho 7\n`)
  for (const [name, text] of Object.entries(files())) program(name, text)
  const given = [
    '--partition',
    'long',
    '--dependency',
    'afterok:3',
    '--gres=gpu:1',
    '-G1',
    '--gpus-per-node',
    '2',
  ]
  const all = [...given, '-d', 'singleton', '--account', 'vision']
  expect(run(join(folder, 'submit.sh'), {}, all).code).toBe(0)
  const [shards, merge] = readFileSync(join(folder, 'submitted'), 'utf8').split('\n')
  expect(shards).toMatch(new RegExp(`^${all.join(' ')} --parsable`))
  expect(merge).toMatch(/^--partition long --account vision --parsable .* --dependency afterok:7 /)
})

test('another array than that of the shards is refused, and nothing is submitted', () => {
  program('sbatch', `#!/bin/sh\ntouch ${folder}/submitted\n`)
  for (const [name, text] of Object.entries(files())) program(name, text)
  for (const given of [['--array', '1'], ['--array=1'], ['-a1']]) {
    const { code, out } = run(join(folder, 'submit.sh'), {}, given)
    expect([code, existsSync(join(folder, 'submitted'))]).toEqual([2, false])
    expect(out).toContain(`${given[0]}: expected none`)
  }
})

test('a task that is told of its limit while it prepares goes back into the queue too', () => {
  program('scontrol', `#!/bin/sh\necho "$@" > ${folder}/requeued\nkill -KILL "$PPID"\n`)
  const asked = program('codevision', `#!/bin/sh\ntouch ${folder}/asked\n`)
  const script = program('shards', files({ prepare: 'kill -USR1 $$' }, asked)['shards.sbatch'] ?? '')
  run(script, { SLURM_ARRAY_TASK_ID: '0', SLURM_JOB_ID: '17' })
  expect(readFileSync(join(folder, 'requeued'), 'utf8')).toBe('requeue 17\n')
  expect(existsSync(join(folder, 'asked'))).toBe(false)
})

test.each([
  'export OPENAI_API_KEY=sk-123',
  'module load nodejs; PGPASSWORD="a b" && true',
  "export api_key='x'",
  "export API_KEY=$'x'",
  'export OPENAI_BASE_URL=http://u:pw@h/v1',
  'login --token=abc',
  'echo sk-0123456789abcdefgh',
])('--prepare %j would put a key into the scripts: refused', (prepare) => {
  expect(() => files({ prepare })).toThrow(UsageError)
  expect(() => files({ prepare })).toThrow('--prepare: expected no')
  expect(() => files({ prepare })).toThrow('a file of shell that only you can read')
})

test.each([
  '. ~/keys',
  'module load nodejs',
  'export OPENAI_API_KEY=$(cat ~/key) HF_TOKEN="$MINE"',
  'export OPENAI_BASE_URL=http://user:$PASSWORD@host/v1',
  'export OMP_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false',
])('--prepare %j holds no key', (prepare) => {
  expect(files({ prepare })['shards.sbatch']).toContain(`\n${prepare}\n`)
})

test('a password in the command is refused', () => {
  expect(() => files({}, 'codevision', ['--base-url', 'http://u:pw@h/v1'])).toThrow(
    'the command behind --: expected no user or password in an address',
  )
})

test('nothing is submitted where the merged run is there', () => {
  program('sbatch', `#!/bin/sh\ntouch ${folder}/submitted\n`)
  execFileSync('mkdir', ['-p', join(folder, 'runs', 'mine')])
  const { code, out } = run(program('submit.sh', files()['submit.sh'] ?? ''))
  expect([code, existsSync(join(folder, 'submitted'))]).toEqual([2, false])
  expect(out).toContain('expected nothing there')
})

test.each<[string, Partial<SlurmSettings>]>([
  ['--parallelism', { parallelism: 0 }],
  ['--cpus', { cpus: 1.5 }],
  ['--memory', { memory: 0 }],
  ['--memory', { memory: 1e20 }],
  ['--cpus', { cpus: 1e10 }],
  ['--time', { time: '3' }],
  ['--time', { time: 'two hours' }],
  ['--time', { time: '8:0' }],
  ['--prepare', { prepare: 'a\nb' }],
])('%s is refused where it is not what was expected', (option, settings) => {
  expect(() => files(settings)).toThrow(UsageError)
  expect(() => files(settings)).toThrow(`${option}: expected`)
})
