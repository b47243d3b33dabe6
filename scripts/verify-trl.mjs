// The rules of `codevision conformance trl`; TRL's GRPOTrainer trains a tiny vision model, drawn at random, with the environment, sandbox and reward of `codevision serve env`, on the CPU; accelerate reads what the recipe's launch script tells it.
//
//   npm run build && node scripts/verify-trl.mjs [--steps 60] [--python PYTHON]
//
// Without --python, TRL is installed from PyPI into build/trl (torch: 5 GB, some minutes).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { execa } from 'execa'
import sharp from 'sharp'
import { startServiceProcess } from '../dist/services/start-service-process.js'
import { trainerPython } from './trainers/trainer-python.mjs'
import { openVerification } from './trainers/verification.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: { steps: { type: 'string', default: '60' }, python: { type: 'string' } },
})
const PACKAGES = ['trl==1.16.0', 'torchvision', 'jmespath', 'pillow']
const work = mkdtempSync(join(tmpdir(), 'codevision-trl-'))
const verification = openVerification()
const { check } = verification
const codevision = (...args) =>
  execa(process.execPath, [join(root, 'dist/cli/main.js'), ...args], { cwd: work })

try {
  const python = values.python ?? (await trainerPython({ name: 'trl', packages: PACKAGES }))
  await verification.conformance({ trainer: 'trl', python })
  await checkLaunches(python)
  const service = await startServiceProcess({
    kind: 'env',
    options: ['--data', await turnedPictures(), '--log-level', 'error'],
  })
  try {
    const recipe = join(work, 'recipe')
    await codevision('cluster', 'recipe', 'trl', '--gpus', '1', '--out', recipe)
    const training = join(root, 'scripts/trainers/trl_training.py')
    await verification.program({
      file: python,
      args: [training, service.url, join(work, 'model'), values.steps, join(recipe, 'grpo.yaml')],
      env: {
        PYTHONPATH: join(root, 'integrations/codevision_env'),
        ...{ HF_HUB_OFFLINE: '1', HF_HOME: join(work, 'hub'), CUDA_VISIBLE_DEVICES: '' },
        TRL_EXPERIMENTAL_SILENCE: '1',
      },
      what: 'the training ran to its end',
    })
    check('the service ends with exit code 0', (await service.stop()) === 0)
  } finally {
    service.kill()
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
verification.end()

/** The launch scripts themselves, with accelerate's own reading of its configuration in the place of `accelerate`, which would start processes. */
async function checkLaunches(python) {
  const bin = join(work, 'bin')
  mkdirSync(bin)
  const stand = `#!/bin/sh\nexec "${python}" "${join(root, 'scripts/trainers/accelerate_launch.py')}" "$@"\n`
  writeFileSync(join(bin, 'accelerate'), stand, { mode: 0o755 })
  const words = ['-m', 'codevision_env.train_trl', 'grpo.yaml']
  const common = { by_ssh: null, processes: 8, words }
  for (const [nodes, env, expected] of [
    [1, {}, { ...common, machines: 1, rank: 0 }],
    [
      2,
      { NODE_RANK: '1', MASTER_ADDR: '10.0.0.1' },
      { ...common, machines: 2, rank: 1, first: 'static 10.0.0.1:29500' },
    ],
  ]) {
    const out = join(work, `recipe-${nodes}`)
    const asked = ['--nodes', String(nodes), '--url', 'http://env:8000', '--out', out]
    await codevision('cluster', 'recipe', 'trl', ...asked)
    const PATH = `${bin}:${process.env.PATH}`
    const done = await execa('bash', [join(out, 'train.sh')], {
      ...{ reject: false, env: { PATH, HF_HOME: join(work, 'hub'), CUDA_VISIBLE_DEVICES: '', ...env } },
    })
    const { environment = {}, ...told } =
      done.exitCode === 0 ? JSON.parse(done.stdout.split('\n').at(-1)) : {}
    const stage = environment.ACCELERATE_DEEPSPEED_ZERO_STAGE
    const precision = environment.ACCELERATE_MIXED_PRECISION
    check(
      `accelerate takes the launch script for machines: ${nodes}, each with processes: ${told.processes}; ZeRO-${stage} in ${precision}`,
      isDeepStrictEqual({ ...told, ...expected }, told) &&
        environment.ACCELERATE_USE_DEEPSPEED === 'true' &&
        environment.ACCELERATE_DEEPSPEED_ZERO3_INIT === 'true' &&
        `${stage} ${precision}` === '3 bf16',
      JSON.stringify({ told, environment, stderr: done.stderr.slice(-2000) }),
    )
  }
}

/** Eight tasks over pictures that were turned by 90 degrees, in the layout of MVToolBench, all with one answer. */
async function turnedPictures() {
  const rows = await Promise.all(
    Array.from({ length: 8 }, async (_, at) => {
      const [width, height] = [80, 40]
      const pixels = Uint8Array.from({ length: width * height * 3 }, (_one, byte) => (byte * (at + 3)) % 256)
      const image = `${at}.png`
      await sharp(pixels, { raw: { width, height, channels: 3 } }).toFile(join(work, image))
      const question = `What stands on sign ${at}?`
      return {
        data_source: 'signs',
        prompt: [{ role: 'user', content: `<image>\n${question}` }],
        images: [image],
        reward_model: { ground_truth: 'harbour' },
        extra_info: { answer: 'harbour', bbox: null, index: at, question, transform: ['rotate_90'] },
      }
    }),
  )
  const file = join(work, 'rows.jsonl')
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return file
}
