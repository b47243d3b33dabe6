// Sets that `codevision data export` writes, and rows that are wrong in one way each, through LLaMA-Factory's own loader, converter, template and SFT processor: what it does with a
// row must be what `codevision data check` says, and what it trains on must be the turns of the model and nothing else. Then its reading of configs/train.
//
//   npm run build && node scripts/verify-llamafactory.mjs [--run FOLDER] [--python PYTHON]
//
// Without --python, LLaMA-Factory is installed from PyPI into build/llamafactory (5 GB, some minutes).
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { serveRecorded } from './serve-recorded.mjs'
import { brokenRows } from './trainers/broken-rows.mjs'
import { trainerPython } from './trainers/trainer-python.mjs'
import { openVerification } from './trainers/verification.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: { run: { type: 'string' }, python: { type: 'string' } },
})
const recording = join(root, 'scripts/recorded/demo-answers.json')
/** torch and torchaudio of one CUDA version: LLaMA-Factory names neither. */
const PACKAGES = ['llamafactory==0.9.5', 'torch==2.11.0', 'torchaudio==2.11.0']
const work = mkdtempSync(join(tmpdir(), 'codevision-llamafactory-'))
const { check, end } = openVerification()
/** A finding of `data check` is no failure; whatever else ends with more than 0 is. */
const codevision = (...args) =>
  execa(process.execPath, [join(root, 'dist/cli/main.js'), ...args], {
    cwd: work,
    reject: args[1] !== 'check',
  })

try {
  const python = values.python ?? (await trainerPython({ name: 'llamafactory', packages: PACKAGES }))
  const { stdout: version } = await execa(python, [
    '-c',
    'import importlib.metadata as m; print(m.version("llamafactory"))',
  ])
  const run = values.run === undefined ? await evaluated() : resolve(values.run)
  const outcomes = ['--outcomes', 'correct', 'wrong', 'unparsed', 'turn-limit']
  for (const [images, template] of [
    ['view', 'qwen2_vl'],
    ['original', 'qwen3_vl'],
  ]) {
    const out = join(work, images)
    const written = await codevision(
      ...['data', 'export', run, '--format', 'llamafactory', '--out', out, '--images', images, ...outcomes],
    )
    const said = await codevision('data', 'check', out)
    const { rows, whole } = await judged({ python, folder: out, template })
    const file = JSON.parse(readFileSync(join(out, 'codevision_sft.json'), 'utf8'))
    check(
      `${file.length} exported rows (images: ${images}, template: ${template}): no finding`,
      said.exitCode === 0,
      `${written.stdout}${said.stdout}`,
    )
    check(
      `LLaMA-Factory ${version} loads the set by its dataset_info.json: ${whole.rows} rows`,
      whole.whole === 'loaded' && whole.rows === file.length,
      JSON.stringify(whole),
    )
    check(
      `LLaMA-Factory takes ${rows.filter(({ verdict }) => verdict === 'ok').length} of ${rows.length}`,
      rows.every(({ verdict }) => verdict === 'ok'),
      JSON.stringify(rows.find(({ verdict }) => verdict !== 'ok')),
    )
    const trained = rows.filter((row, at) => row.trained === turnsOf(file[at]))
    check(
      `it trains on the model's turns and nothing else: ${trained.length} of ${rows.length}`,
      trained.length === rows.length,
    )
  }
  await agree({ python, good: join(work, 'view') })
  for (const name of readdirSync(join(root, 'configs/train')).filter((one) =>
    one.startsWith('llamafactory-'),
  )) {
    const script = join(root, 'scripts/trainers/llamafactory_config.py')
    const done = await execa(python, [script, join(root, 'configs/train', name)], { reject: false })
    check(`configs/train/${name}: ${done.stdout}`, done.exitCode === 0, done.stderr.slice(-1000))
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
end()

/** Rows that are wrong in one way each: both must say the same of each. */
async function agree({ python, good }) {
  const [row] = JSON.parse(readFileSync(join(good, 'codevision_sft.json'), 'utf8')).filter(
    ({ conversations }) => conversations[2]?.value.startsWith('<image>'),
  )
  const broken = brokenRows(row)
  const folder = join(good, 'broken')
  mkdirSync(folder)
  const [image] = row.images
  const bytes = readFileSync(join(good, image))
  writeFileSync(join(folder, 'text.png'), 'no image')
  writeFileSync(join(folder, 'cut.png'), bytes.subarray(0, Math.floor(bytes.length / 2)))
  const { default: sharp } = await import('sharp')
  await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } }).toFile(
    join(folder, 'pixel.png'),
  )
  copyFileSync(join(good, 'codevision_sft.json'), join(folder, 'good.json'))
  writeFileSync(join(good, 'codevision_sft.json'), JSON.stringify(Object.values(broken)))
  await codevision('data', 'check', good, '--json', join(work, 'findings.json'))
  const { list } = JSON.parse(readFileSync(join(work, 'findings.json'), 'utf8'))
  const { rows } = await judged({ python, folder: good })
  const names = Object.keys(broken)
  for (const [at, { verdict, said }] of rows.entries()) {
    const found = list.filter((finding) => finding.row === at + 1)
    const ours = ['stops', 'drops'].find((effect) => found.some((one) => one.effect === effect)) ?? 'ok'
    check(
      `${names[at]}: ${verdict}`,
      ours === verdict,
      `data check says ${ours}: ${JSON.stringify(found)}; LLaMA-Factory: ${said}`,
    )
  }
  check(
    `rows that are wrong in one way each: ${rows.length} of ${names.length} judged`,
    rows.length === names.length,
  )
}

/** A run of the recorded model over the demo's rows, in the real sandbox. */
async function evaluated() {
  const { seed, rows } = JSON.parse(readFileSync(recording, 'utf8'))
  const draw = join(root, 'scripts/draw-demo.mjs')
  await execa('node', [draw, join(work, 'rows.parquet'), '--rows', String(rows), '--seed', seed])
  const server = await serveRecorded({ file: recording })
  try {
    await codevision(
      ...['eval', 'rows.parquet', '--judge', 'none', '--profile', 'strict', '--name', 'run', '--no-cache'],
      ...['--output', join(work, 'runs'), '--model', 'recorded', '--base-url', server.baseUrl],
    )
  } finally {
    await server.close()
  }
  return join(work, 'runs/run')
}

async function judged({ python, folder, template = 'qwen2_vl' }) {
  const script = join(root, 'scripts/trainers/llamafactory_rows.py')
  const done = await execa(python, [script, folder, 'codevision_sft', template], {
    reject: false,
    env: { HF_HUB_OFFLINE: '1', HF_HOME: join(work, 'hub'), CUDA_VISIBLE_DEVICES: '' },
  })
  const lines = done.stdout.split('\n').filter((line) => line.startsWith('{'))
  if (done.exitCode !== 0) console.error(done.stderr.slice(-2000))
  const all = lines.map((line) => JSON.parse(line))
  return { rows: all.filter(({ row }) => row !== undefined), whole: all.at(-1) ?? {} }
}

/** What is to be learned of a row: each turn of the model and the end of its message. */
function turnsOf({ conversations }) {
  return conversations.flatMap(({ from, value }) => (from === 'gpt' ? [`${value}<|im_end|>\n`] : [])).join('')
}
