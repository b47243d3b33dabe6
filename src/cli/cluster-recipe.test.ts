import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { parse } from 'yaml'
import { StoreError, UsageError } from '../core/errors.js'
import { createParser } from './parser.js'
import { missingFolderOf } from './recipe-request-of.js'
import { runCommand, type Finished } from './testing/run-command.js'

let folder: string

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'codevision-recipe-')))
})

afterEach(() => rm(folder, { recursive: true }))

const recipe = (...args: string[]): Promise<Finished> =>
  runCommand({ args: ['cluster', 'recipe', ...args], cwd: folder })
/** As the program, but in this process. */
const refusalOf = async (...args: string[]): Promise<unknown> =>
  createParser({ words: ['cluster', 'recipe', ...args] }).parseAsync()
const text = (path: string): Promise<string> => readFile(join(folder, path), 'utf8')
const overrides = async (): Promise<string[]> => (await text('recipe-verl/overrides.txt')).split('\n')

test('a model in a folder, rows and files of the recipe are told with paths for any current folder', async () => {
  await mkdir(join(folder, 'policy'))
  expect((await recipe('verl', '--model', 'policy', '--val', 'held.parquet')).code).toBe(0)
  expect(await overrides()).toEqual(
    expect.arrayContaining([
      `actor_rollout_ref.model.path=${folder}/policy`,
      `data.train_files=${folder}/rl-verl/codevision_rl.parquet`,
      `data.val_files=${folder}/held.parquet`,
      `actor_rollout_ref.rollout.multi_turn.tool_config_path=${folder}/recipe-verl/tool.yaml`,
    ]),
  )
  const script = await text('recipe-verl/train.sh')
  expect(script).toContain(
    `--system-prompt ${folder}/recipe-verl/system-prompt.txt --out ${folder}/rl-verl\n`,
  )
  expect(script).not.toContain('//')
  const { code } = await recipe('trl', '--model', 'runs/not/made/yet')
  expect([code, parse(await text('recipe-trl/grpo.yaml')).model]).toEqual([0, `${folder}/runs/not/made/yet`])
})

test('what looks like the name of a model, and is no folder, is left as it is', async () => {
  await writeFile(join(folder, 'name'), '')
  for (const model of ['Qwen/Qwen3-VL-8B-Instruct', 'name']) {
    expect((await recipe('verl', '--model', model)).code).toBe(0)
    expect(await overrides()).toContain(`actor_rollout_ref.model.path=${model}`)
  }
})

test('a model in a folder that is not here is told, and taken for another machine', async () => {
  await mkdir(join(folder, 'models', 'here'), { recursive: true })
  for (const model of ['runs/sft', 'models/gone']) {
    const { code, stderr } = await recipe('verl', '--model', model)
    expect([code, stderr]).toEqual([0, expect.stringContaining(`got ${folder}/${model}, which is not here`)])
  }
  for (const model of ['models/here', 'Qwen/Qwen3-VL-8B-Instruct'])
    expect(await recipe('verl', '--model', model)).toMatchObject({ code: 0, stderr: '' })
  for (const model of [join(folder, 'gone'), './gone', 'runs/gone/checkpoints/step-1/policy'])
    expect(await missingFolderOf(model)).toBe(resolve(model))
  for (const model of [folder, 'name', 'owner/name']) expect(await missingFolderOf(model)).toBeNull()
})

test('a model whose name says Thinking begins its turns with <think>, which is told; others with nothing', async () => {
  const opening = "+reward.custom_reward_function.reward_kwargs.opening='<think>\\n'"
  const { stdout } = await recipe('verl')
  expect(stdout).toContain('Opening of each turn: <think>\\n, since the name of Qwen/Qwen3-VL-8B-Thinking')
  expect(await overrides()).toContain(opening)
  for (const args of [
    ['--opening', ''],
    ['--model', 'Qwen/Qwen3-VL-8B-Instruct'],
  ]) {
    const { code, stdout: other } = await recipe('verl', ...args)
    expect([code, other.includes('Opening')]).toEqual([0, false])
    expect((await overrides()).filter((line) => line.includes('opening'))).toEqual([])
  }
})

test('a line break in what turns begin with stays in one argument of the trainer', async () => {
  expect((await recipe('verl', '--opening', '<think>\n')).code).toBe(0)
  expect(await overrides()).toContain("+reward.custom_reward_function.reward_kwargs.opening='<think>\\n'")
})

test.each([
  [['--url', 'foo'], '--url: expected the address'],
  [['--url', ''], '--url: expected the address'],
  [['--url', 'localhost:8000'], 'did you mean http://localhost:8000?'],
  [['--url', 'ftp://env'], '--url: expected the address'],
  [['--model', ''], '--model: expected a folder, or a name'],
  [['--model', 'a\nb'], 'without line breaks'],
  [['--data', ' '], '--data: expected a file'],
  [['--val', ''], '--val: expected a file'],
  [['--gpus', '0'], '--gpus: expected a whole number from 1, got 0'],
  [['--gpus=-1'], '--gpus: expected a whole number from 1, got -1'],
  [['--gpus', '1.5'], '--gpus: expected a whole number from 1, got 1.5'],
  [['--gpus', '6'], '--nodes × --gpus: expected a number that the 256 rollouts'],
  [['--nodes', '1e9'], '--nodes × --gpus: expected a number that the 256 rollouts'],
  [['--opening', '\u0007'], '--opening: expected one text'],
  [['--opening', 'a', '--opening', 'b'], '--opening: expected one text'],
  [['--verl', '0.10'], '--verl: expected one of 0.9, 0.8, 0.7.1, got "0.10"'],
  [['--variant', 'papre'], 'did you mean paper?'],
])('%j is refused, and nothing is written', async (args, message) => {
  const refused = refusalOf('verl', '--out', join(folder, 'out'), ...args)
  await expect(refused).rejects.toThrow(UsageError)
  await expect(refused).rejects.toThrow(message)
  expect(await readdir(folder)).toEqual([])
})

test('an empty folder is refused', async () => {
  await expect(refusalOf('verl', '--out', '')).rejects.toThrow('--out: expected a folder, got ""')
})

test('what is refused ends with exit code 2, in words', async () => {
  const { code, stderr } = await recipe('verl', '--gpus', '6', '--url', 'http://env')
  expect([code, stderr]).toEqual([2, expect.stringContaining('--nodes × --gpus: expected')])
  expect(stderr).not.toMatch(/\n {4}at /)
})

test.each(['verl', 'val', 'opening'])('--%s, which only verl knows, is refused with TRL', async (name) => {
  const refused = refusalOf('trl', '--out', join(folder, 'out'), `--${name}`, '0.9')
  await expect(refused).rejects.toThrow(`--${name} is for verl`)
})

test.each(['/proc/x', 'file', 'file/under', 'nowhere'])(
  'a folder %s that cannot be made is told in words',
  async (out) => {
    await writeFile(join(folder, 'file'), '')
    await symlink('not-there', join(folder, 'nowhere'))
    const refused = refusalOf('trl', '--out', resolve(folder, out))
    await expect(refused).rejects.toThrow(StoreError)
    await expect(refused).rejects.toThrow('choose another folder (--out)')
  },
)

test('a port that the address leaves out is that of its scheme, and one behind HTTPS is for the proxy to choose', async () => {
  await recipe('trl', '--url', 'http://env')
  expect(await text('recipe-trl/train.sh')).toContain('--port 80 --host 0.0.0.0 --token-file FILE\n')
  await recipe('trl', '--url', 'https://env')
  const script = await text('recipe-trl/train.sh')
  expect(script).toContain('on env, behind a proxy that speaks HTTPS:')
  expect(script).not.toContain('--port ')
})

test('machines that cannot reach the service by its address are told of', async () => {
  const two = ['--nodes', '2']
  expect((await recipe('verl', ...two)).stdout).toContain(
    'Of the 2 machines only the one of the service reaches',
  )
  expect((await recipe('verl', ...two, '--url', 'http://env:8000')).stdout).not.toContain('only the one')
  for (const trainer of ['verl', 'trl']) expect((await recipe(trainer)).stdout).not.toContain('only the one')
})

test('the launch script for verl wants a cluster that is there for several machines, and none for one', async () => {
  await mkdir(join(folder, 'bin'))
  await writeFile(join(folder, 'bin/python3'), '#!/bin/sh\necho "${RAY_ADDRESS-none} $2 $#"\n', {
    mode: 0o755,
  })
  const PATH = `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`
  const launch = async (env: Record<string, string> = {}): Promise<string> => {
    const options = { cwd: folder, extendEnv: false, env: { PATH, ...env } }
    return (await execa('bash', ['recipe-verl/train.sh', 'more=1'], options)).stdout
  }
  await recipe('verl')
  expect(await overrides()).toContain('trainer.nnodes=1')
  const words = 2 + (await overrides()).filter((line) => line !== '').length + 1
  expect(await launch()).toBe(`none verl.trainer.main_ppo ${words}`)
  await recipe('verl', '--nodes', '2', '--url', 'http://env:8000')
  expect(await launch()).toBe(`auto verl.trainer.main_ppo ${words}`)
  expect(await launch({ RAY_ADDRESS: '10.0.0.1:6379' })).toMatch(/^10\.0\.0\.1:6379 /)
  const script = await text('recipe-verl/train.sh')
  expect(script).toContain('ray start --address FIRST:6379 --num-gpus 8')
  expect(script).toContain(
    "for ray start on each machine, whose environment is that of Ray's workers: export",
  )
})

test('the launch script for TRL hands what each machine is told to accelerate', async () => {
  await mkdir(join(folder, 'bin'))
  await writeFile(join(folder, 'bin/accelerate'), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 })
  const PATH = `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`
  const launch = async (env: Record<string, string>) => {
    const { exitCode, stdout, stderr } = await execa('bash', ['recipe-trl/train.sh', 'more=1'], {
      ...{ cwd: folder, reject: false, extendEnv: false, env: { PATH, ...env } },
    })
    return { exitCode, stderr, words: stdout.split('\n').join(' ') }
  }
  await recipe('trl', '--gpus', '4')
  expect((await launch({})).words).toBe(
    'launch --config_file accelerate.yaml --num_machines 1 --num_processes 4 -m codevision_env.train_trl grpo.yaml more=1',
  )
  await recipe('trl', '--nodes', '2', '--url', 'http://env:8000')
  expect(await launch({ NODE_RANK: '1' })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('export MASTER_ADDR'),
  })
  const machine = { NODE_RANK: '1', MASTER_ADDR: '10.0.0.1' }
  expect((await launch(machine)).words).toContain(
    '--num_processes 16 --machine_rank 1 --main_process_ip 10.0.0.1 --main_process_port 29500 -m',
  )
  expect((await launch({ ...machine, MASTER_PORT: '1234' })).words).toContain('--main_process_port 1234 -m')
})
