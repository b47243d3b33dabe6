// Whether adapters could be added to the weights while tokens are written: how far written log-probabilities are then from those of training, beside how far they are as the engine computes.
//
//     npm run build && npx codevision setup python --torch
//     node benchmarks/perf/torch-merged.mjs [--directory checkpoints/mini/sft] [--device cpu] [--dtype bfloat16]
import { execFileSync } from 'node:child_process'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { torchProcessEnvironment } from '../../dist/config/torch-environment.js'
import { torchPython } from '../../dist/wiring.js'

const text = (value) => ({ type: 'string', default: value })
const { values } = parseArgs({
  options: { directory: text('checkpoints/mini/sft'), device: text('cpu'), dtype: text('bfloat16') },
})
const { executable, site, enginePackage } = await torchPython()
const program = fileURLToPath(new URL('peers/torch_merged.py', import.meta.url))
execFileSync(executable, ['-B', program, values.directory, values.device, values.dtype], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...torchProcessEnvironment(), PYTHONPATH: [enginePackage, site].join(delimiter) },
})
