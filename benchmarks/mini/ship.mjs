// Bring checkpoints of the mini experiment into the package: weights in BF16 without the optimizer's state, and beside each its model card, with the figures that `codevision experiment mini --json` measured.
// Without --figures cards are left as they are.
//
//     npm run build && node benchmarks/mini/ship.mjs runs/mini --figures runs/mini/evaluation.json          # all of a folder of codevision experiment train-mini
//     npm run build && node benchmarks/mini/ship.mjs --sft runs/mini-sft/sft/checkpoint --figures mini.json
import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readMiniFigures } from '../../dist/experiments/mini/mini-figures.js'
import { MINI_STAGES } from '../../dist/experiments/mini/mini-stages.js'
import { modelCard } from '../../dist/experiments/mini/model-card.js'
import { shipCheckpoint } from '../../dist/experiments/mini/ship-checkpoint.js'

const text = { type: 'string' }
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...Object.fromEntries(MINI_STAGES.map((stage) => [stage, text])),
    figures: text,
    to: { ...text, default: 'checkpoints/mini' },
  },
})
const [folder] = positionals
const whole =
  folder === undefined ? [] : MINI_STAGES.map((stage) => [stage, join(folder, 'checkpoints', stage)])
const given = MINI_STAGES.flatMap((stage) => (options[stage] === undefined ? [] : [[stage, options[stage]]]))
const figures = options.figures === undefined ? null : await readMiniFigures(options.figures)
if (whole.length + given.length === 0 && figures === null)
  throw new Error(
    'expected a folder, a checkpoint of a stage (--base, --sft, --rl) or --figures FILE, got none',
  )

for (const [stage, from] of [...whole, ...given]) {
  await shipCheckpoint({ from, to: join(options.to, stage) })
  console.log(`${stage}: ${join(options.to, stage)} from ${from}`)
}
for (const stage of figures === null ? [] : MINI_STAGES) {
  const own = join(options.to, stage)
  if (
    !(await access(join(own, 'config.json')).then(
      () => true,
      () => false,
    ))
  )
    continue
  await mkdir(own, { recursive: true })
  await writeFile(join(own, 'README.md'), modelCard({ stage, figures: figures[stage] ?? null }))
}
