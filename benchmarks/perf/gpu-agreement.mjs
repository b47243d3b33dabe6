// Whether the torch engine computes on a GPU what tfjs computes on a CPU: checkpoints/mini/sft, the same boards, the same seed.
//
//     node benchmarks/perf/gpu-agreement.mjs [--device cuda] [--model checkpoints/mini/sft] [--json FILE]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseBoardConfig } from '../../dist/data/card-board/board-config.js'
import { writeBoards } from '../../dist/data/card-board/write-boards.js'
import { measureAgreements } from './grpo-agreement.mjs'

const { values: options } = parseArgs({
  options: {
    device: { type: 'string', default: 'cuda' },
    model: { type: 'string', default: 'checkpoints/mini/sft' },
    json: { type: 'string' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'codevision-gpu-agreement-'))
try {
  const config = parseBoardConfig({ seed: 'bench' })
  const rows = await writeBoards({ config, folder, rows: 16, split: 'train' })
  const devices = {
    'CPU, float32': { device: 'cpu', dtype: 'float32' },
    ...(options.device === 'cuda' && {
      'GPU, float32': { device: 'cuda', dtype: 'float32' },
      'GPU, bfloat16': { device: 'cuda', dtype: 'bfloat16' },
    }),
  }
  const report = await measureAgreements({ directory: options.model, rows, devices })
  console.log(JSON.stringify(report.engines))
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
