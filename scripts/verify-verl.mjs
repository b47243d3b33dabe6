// The parquet that `codevision data export --format verl` writes, through verl's own RLHFDataset and qwen-vl-utils, as its agent loops take them: prompts, images, tools_kwargs.
//
//   npm run build && node scripts/verify-verl.mjs [--rows 60] [--python PYTHON]
//
// Without --python, verl is installed from PyPI into build/verl (5 GB, some minutes).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { trainerPython } from './trainers/trainer-python.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '60' }, python: { type: 'string' } },
})
const PACKAGES = ['verl==0.9.1', 'qwen-vl-utils', 'torchvision']
const work = mkdtempSync(join(tmpdir(), 'codevision-verl-'))
let failed = 0

const check = (what, isRight, got = '') => {
  console.log(`${isRight ? 'ok  ' : 'FAIL'} ${what}`)
  if (isRight) return
  failed += 1
  console.error(got)
}
const codevision = (...args) =>
  execa(process.execPath, [join(root, 'dist/cli/main.js'), ...args], { cwd: work })

try {
  const python = values.python ?? (await trainerPython({ name: 'verl', packages: PACKAGES }))
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
} finally {
  rmSync(work, { recursive: true, force: true })
}
console.log(failed === 0 ? 'ok   all' : `FAIL ${failed}`)
process.exitCode = failed === 0 ? 0 : 1

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
