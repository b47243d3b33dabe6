// Where the time of a GRPO step goes: some steps of the mini experiment through the command, rollouts in the real sandbox, read from metrics.jsonl; then both engines on the same checkpoint.
//
//     npm run bench:grpo -- [--model DIR] [--steps 6] [--seconds 100] [--config configs/mini/grpo.yaml] [--device cuda] [--without-torch] [--json FILE] [--page docs/grpo-speed.md]
//
// With `--device` the engine is `torch` on that device instead of `tfjs`. The checkpoint is checkpoints/mini/sft where it is there, else checkpoints/mini/base. The first step warms up and is told, but is in no mean.
// `--seconds` after its start a training that is not done is ended. Figures are gathered as it goes: the file of `--json` is written anew with each step, so that of one that was cut, or ended from outside, all finished steps count.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { machine } from '../../dist/benchmark/machine.js'
import { loadGrpoConfig } from '../../dist/config/training-config.js'
import { parseBoardConfig } from '../../dist/data/card-board/board-config.js'
import { writeBoards } from '../../dist/data/card-board/write-boards.js'
import { measureAgreement } from './grpo-agreement.mjs'
import { tellGrpo, writeGrpoPage } from './grpo-page.mjs'
import { summarizeSteps } from './grpo-steps.mjs'
import { runTraining } from './grpo-training.mjs'

const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    steps: { type: 'string', default: '6' },
    seconds: { type: 'string' },
    config: { type: 'string', default: 'configs/mini/grpo.yaml' },
    device: { type: 'string' },
    'without-torch': { type: 'boolean', default: false },
    json: { type: 'string' },
    page: { type: 'string' },
  },
})
const steps = Number(options.steps)
if (!Number.isInteger(steps) || steps < 2)
  throw new Error(`--steps: expected a whole number from 2 on (the first warms up), got ${options.steps}`)
const seconds = options.seconds === undefined ? Infinity : Number(options.seconds)
if (!(seconds > 0)) throw new Error(`--seconds: expected a number above 0, got ${options.seconds}`)
const model = options.model ?? shippedCheckpoint()
const folder = mkdtempSync(join(tmpdir(), 'codevision-bench-grpo-'))
try {
  const config = options.device === undefined ? options.config : onTorch()
  const { training, agent, reward } = await loadGrpoConfig({ path: config })
  const rollouts = training.batch * training.groupSize
  // As many rows as the steps take, and no more.
  const boards = parseBoardConfig({ seed: 'bench' })
  const rows = await writeBoards({ config: boards, folder, rows: steps * training.batch, split: 'train' })
  const about = {
    ...{ date: new Date().toISOString().slice(0, 10), machine: machine(), model, config: options.config },
    engine: options.device === undefined ? 'tfjs' : `torch (${options.device})`,
    settings: {
      ...{ batch: training.batch, groupSize: training.groupSize, miniBatch: training.miniBatch },
      ...{
        concurrency: Math.min(training.concurrency, rollouts),
        turns: agent.turns,
        reward: reward.variant,
      },
    },
    asked: steps,
  }
  let report = null
  const gather = ({ figures, endings }) => {
    const measured = summarizeSteps({ figures, concurrency: training.concurrency, rollouts })
    report = { ...about, endings, ...measured, agreement: null }
    keep(report)
  }
  const args = ['train', 'grpo', config, '--model', model, '--data', rows]
  const ended = await runTraining({
    args: [...args, '--name', 'bench', '--output', folder, '--steps', String(steps)],
    metrics: join(folder, 'bench', 'metrics.jsonl'),
    ...{ seconds, onSteps: gather },
  })
  if (report === null)
    throw new Error(`expected a step to end within ${seconds} s, got none; raise --seconds`)
  if (ended === 'complete' && !options['without-torch'])
    report.agreement = await measureAgreement({ directory: model, rows })
  tellGrpo(report)
  keep(report)
  if (options.page !== undefined) await writeGrpoPage({ report, page: options.page })
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** The same configuration with a model that the torch engine computes. */
function onTorch() {
  const path = join(folder, 'torch.yaml')
  const trained = { train: 'full', freezeVision: false, device: options.device, temperature: 1 }
  writeFileSync(
    path,
    JSON.stringify({
      extends: resolve(options.config),
      model: { kind: 'torch', path: resolve(model), ...trained },
    }),
  )
  return path
}

function shippedCheckpoint() {
  const found = ['checkpoints/mini/sft', 'checkpoints/mini/base'].find((path) => existsSync(path))
  if (found === undefined)
    throw new Error(
      'expected checkpoints/mini/sft or checkpoints/mini/base, got neither; name one by --model',
    )
  return found
}

function keep(report) {
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
}
