// The integration of verl, with verl itself: the parquet of `codevision data export --format verl` through its RLHFDataset; the overrides of `codevision cluster recipe verl` composed with its
// configuration, in each version that there is a recipe for; the rules of `codevision conformance verl`; tool and reward in rollouts of its agent loop, in Ray workers, on the CPU.
//
//   npm run build && node scripts/verify-verl.mjs [--rows 60] [--python PYTHON] [--part rows|recipe|conformance|rollouts]
//
// Without --python, verl is installed from PyPI into build/verl (5 GB, some minutes).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { startServiceProcess } from '../dist/services/start-service-process.js'
import { chosenParts } from './trainers/chosen-parts.mjs'
import { knownTasks } from './trainers/known-tasks.mjs'
import { trainerPython } from './trainers/trainer-python.mjs'
import { openVerification } from './trainers/verification.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '60' },
    python: { type: 'string' },
    part: { type: 'string', multiple: true },
  },
})
const parts = chosenParts({ given: values.part, parts: ['rows', 'recipe', 'conformance', 'rollouts'] })
// verl 0.9.1 imports cachetools, fastapi and uvicorn and does not ask for them.
const PACKAGES = ['verl==0.9.1', 'qwen-vl-utils', 'torchvision', 'cachetools', 'fastapi', 'uvicorn']
/** The newest of each version that there is a recipe for. */
const VERSIONS = { 0.9: '0.9.1', 0.8: '0.8.0', '0.7.1': '0.7.1' }
const work = mkdtempSync(join(tmpdir(), 'codevision-verl-'))
const verification = openVerification()
const { check } = verification
const codevision = (...args) =>
  execa(process.execPath, [join(root, 'dist/cli/main.js'), ...args], { cwd: work })

try {
  const python = values.python ?? (await trainerPython({ name: 'verl', packages: PACKAGES }))
  if (parts.includes('rows')) await checkRows(python)
  if (parts.includes('recipe')) await checkRecipes(python)
  if (parts.includes('conformance')) await verification.conformance({ trainer: 'verl', python })
  if (parts.includes('rollouts')) await checkRollouts(python)
} finally {
  rmSync(work, { recursive: true, force: true })
}
verification.end()

async function checkRows(python) {
  const asked = 'import importlib.metadata as m; print(m.version("verl"), m.version("datasets"))'
  const { stdout } = await execa(python, ['-c', asked])
  const [verl, datasets] = stdout.split(' ')
  await codevision(
    'data',
    'synth',
    '--rows',
    values.rows,
    '--seed',
    'verl',
    '--pairs',
    '0.5',
    '--out',
    'mini',
  )
  writeFileSync(join(work, 'system.txt'), 'Look before you answer.')
  for (const [name, options] of [
    ['plain', []],
    ['prompted', ['--system-prompt', 'system.txt', '--split', 'test']],
  ]) {
    await codevision('data', 'export', 'mini/rows.parquet', '--format', 'verl', '--out', name, ...options)
    const rows = await rowsOf({ python, file: join(work, name, 'codevision_rl.parquet') })
    const batch = rows.pop()
    const roles = name === 'plain' ? 'user' : 'system,user'
    const all = (what, isRight) => {
      const wrong = rows.filter((row) => !isRight(row))
      check(
        `${name}: ${what}: ${rows.length - wrong.length} of ${rows.length}`,
        wrong.length === 0,
        JSON.stringify(wrong[0]),
      )
    }
    check(
      `${name}: RLHFDataset of verl ${verl} (datasets ${datasets}) loads ${rows.length} of ${values.rows} rows`,
      rows.length === Number(values.rows),
    )
    all(`spoken by ${roles}`, (row) => row.roles.join() === roles)
    all(
      'an image part for each image, then the question',
      ({ parts, images, text, extra_info: { question } }) => {
        const shown = parts.filter((part) => part === 'image').length
        return shown === images.length && shown > 0 && text === `\n${question}`
      },
    )
    all('the tool agent, with the task named to the tool', ({ agent_name: agent, tools_kwargs: given }) => {
      const { task_key: key } = given.code_image_tool.create_kwargs
      return agent === 'tool_agent' && /^[0-9a-f]{64}$/.test(key)
    })
    all(
      'an answer to reward',
      ({ ground_truth: truth, extra_info: { answer } }) => truth !== '' && truth === answer,
    )
    check(
      `${name}: a batch of ${batch.batch.raw_prompt[0]} rows`,
      batch.batch.raw_prompt[0] === 4,
      JSON.stringify(batch),
    )
    const again = await codevision('data', 'check', join(name, 'codevision_rl.parquet'))
    check(`${name}: data check reads the file back: ${again.stdout}`, again.stdout.includes('nothing found'))
  }
}

/** Every key and value of the recipes, by verl's own configuration; of versions that are not installed only that is taken. */
async function checkRecipes(python) {
  for (const [version, release] of Object.entries(VERSIONS)) {
    const folder = join(work, `verl-${release}`)
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', folder, `verl==${release}`]
    await execa(python, pip, { stdio: 'inherit' })
    for (const variant of ['paper', 'release']) {
      const out = `recipe-${version}-${variant}`
      const model = 'Qwen/Qwen3-VL-8B-Thinking'
      // One variant with rows held out, one without.
      const held = variant === 'paper' ? [] : ['--val', 'held.parquet']
      const asked = ['--verl', version, '--variant', variant, '--model', model, ...held]
      await codevision('cluster', 'recipe', 'verl', ...asked, '--out', out)
      const overrides = join(work, out, 'overrides.txt')
      const done = await execa(
        python,
        [join(root, 'scripts/trainers/verl_compose.py'), join(folder, 'verl/trainer/config'), overrides],
        { reject: false },
      )
      const composed = done.exitCode === 0 ? JSON.parse(done.stdout) : {}
      const count = readFileSync(overrides, 'utf8').trim().split('\n').length
      check(
        `recipe ${variant}: its ${count} overrides compose with the configuration of verl ${release}`,
        Object.keys(composed).length === count &&
          composed['actor_rollout_ref.rollout.n'] === 8 &&
          composed['reward.custom_reward_function.reward_kwargs.opening'] === '<think>\\n' &&
          composed['trainer.test_freq'] === (variant === 'paper' ? -1 : 20),
        done.stderr.slice(-2000),
      )
    }
  }
}

/** Scripted rollouts over drawn tasks, honest ones and tricks, rewarded by the service. */
async function checkRollouts(python) {
  const env = {
    PYTHONPATH: join(root, 'integrations/codevision_env'),
    ...{ HF_HUB_OFFLINE: '1', HF_HOME: join(work, 'hub'), CUDA_VISIBLE_DEVICES: '' },
  }
  const model = join(work, 'model')
  await execa(python, [join(root, 'scripts/trainers/tiny_vision_model.py'), model], { env })
  await codevision('data', 'synth', '--rows', '4', '--seed', 'verl2', '--out', 'tasks')
  await codevision('data', 'export', 'tasks/rows.parquet', '--format', 'verl', '--out', 'tasks')
  const rows = join(work, 'tasks/codevision_rl.parquet')
  const known = join(work, 'known.json')
  writeFileSync(known, JSON.stringify(await knownTasks(rows)))
  await codevision('cluster', 'recipe', 'verl', '--out', 'recipe')
  const config = join(work, 'recipe/environment.yaml')
  const service = await startServiceProcess({
    kind: 'env',
    options: ['--config', config, '--data', rows, '--log-level', 'error'],
  })
  try {
    const here = ['--data', rows, '--url', service.url, '--opening', '', '--out', 'recipe']
    await codevision('cluster', 'recipe', 'verl', ...here)
    const asked = 'import os, verl; print(os.path.join(os.path.dirname(verl.__file__), "trainer/config"))'
    const { stdout } = await execa(python, ['-c', asked], { env })
    const rollouts = join(root, 'scripts/trainers/verl_rollouts.py')
    const folder = stdout.trim().split('\n').at(-1)
    const args = [rollouts, join(work, 'recipe/overrides.txt'), folder, model, known]
    await verification.program({ file: python, args, env, what: 'verl ran to its end' })
    check('the service ends with exit code 0', (await service.stop()) === 0)
  } finally {
    service.kill()
  }
}

async function rowsOf({ python, file }) {
  const done = await execa(python, [join(root, 'scripts/trainers/verl_rows.py'), file], {
    reject: false,
    env: { HF_HUB_OFFLINE: '1', HF_HOME: join(work, 'hub'), CUDA_VISIBLE_DEVICES: '' },
  })
  if (done.exitCode !== 0) console.error(done.stderr.slice(-2000))
  return done.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}
