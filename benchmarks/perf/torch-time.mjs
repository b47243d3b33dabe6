// How long GRPO of the paper's backbones takes on one GPU, estimated: the second table of docs/full-scale.md. Nothing is measured; src/policies/torch/torch-time.ts says what is assumed.
//
//     npm run build && node benchmarks/perf/torch-time.mjs [--rows 40000] [--passes 2] [--batch 64] [--group-size 8] [--turns 2] [--given 6000] [--written 4000] [--concurrency 8]
import { parseArgs } from 'node:util'
import { parseModelConfig } from '../../dist/models/config/read-config.js'
import { torchTime } from '../../dist/policies/torch/torch-time.js'
import { BACKBONES } from './backbones.mjs'
import { TRAINED_ON } from './trained-on.mjs'

const number = (value) => ({ type: 'string', default: value })
const refuse = (message) => {
  console.error(message)
  process.exit(2)
}
/** Given options by name; what is not known is refused as a wrong number is. */
function read() {
  try {
    return parseArgs({ options: OPTIONS }).values
  } catch (error) {
    return refuse(error.message)
  }
}
const OPTIONS = {
  ...{ rows: number('40000'), passes: number('2'), batch: number('64'), 'group-size': number('8') },
  ...{ turns: { type: 'string' }, given: { type: 'string' }, written: { type: 'string' } },
  concurrency: { type: 'string' },
}
const values = read()
for (const [name, value] of Object.entries(values))
  if (!Number.isSafeInteger(Number(value)) || Number(value) < 1)
    refuse(`--${name}: expected a whole number from 1 on, got ${JSON.stringify(value)}`)
if (Number(values.rows) < Number(values.batch))
  refuse(`--rows: expected as many as a batch (--batch ${values.batch}), got ${values.rows}`)
const given = Object.fromEntries(
  ['turns', 'given', 'written', 'concurrency'].flatMap((name) =>
    values[name] === undefined ? [] : [[name, Number(values[name])]],
  ),
)
const steps = Math.floor(Number(values.rows) / Number(values.batch)) * Number(values.passes)
const hours = (seconds) => (seconds / 3600).toFixed(1)
console.log(
  `| backbone | GPU | conversations together | tokens written | rollouts, hours | training, hours | step, hours | ${steps} steps, days | three times the rollouts, seconds |`,
)
console.log(`|${' --- |'.repeat(9)}`)
for (const [name, { config: value }] of Object.entries(BACKBONES)) {
  const config = parseModelConfig({ value, where: name })
  const { gpu, work: usual } = TRAINED_ON[name]
  const work = { ...usual, ...given, rollouts: Number(values.batch) * Number(values['group-size']) }
  const { rollouts, training, step } = torchTime({ config, train: 'lora', rank: 16, work, gpu })
  const cells = [
    ...[name, gpu.name, work.concurrency, work.written],
    ...[rollouts, training, step].map(hours),
    ...[((steps * step) / 86_400).toFixed(0), (3 * rollouts).toFixed(0)],
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
