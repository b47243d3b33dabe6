import { join } from 'node:path'
import { loadEvaluationConfig } from '../config/evaluation-config.js'
import { generateDemoSuite } from '../data/demo/generate-demo-suite.js'
import { writeParquet } from '../data/write-parquet.js'
import type { EvaluationResult } from '../evaluation/run/run-evaluation.js'
import { openOutputFolder } from '../store/output-folder.js'
import { commandLine } from './command-line.js'
import { evaluateConfig } from './evaluate-config.js'
import { runName } from './run-name.js'

/** View of about 0.4 Mpx: small print cannot be read before it is cropped out of the full picture. */
const VIEW_PIXELS = 512 * 28 * 28

/** Draw receipts, badges, directories and timetables, and let the classical agent solve them by OCR and code, without any weights. */
export async function playScenes({
  rows,
  seed,
  output,
}: {
  rows: number
  seed: string
  output: string
}): Promise<EvaluationResult['status']> {
  const name = runName({ suite: 'demo', policy: 'tesseract' })
  const data = join(output, `${name}.parquet`)
  await openOutputFolder(output)
  console.error(`Drawing ${rows} pictures into ${data}`)
  await writeParquet({ path: data, rows: generateDemoSuite({ rows, seed }) })
  const config = await loadEvaluationConfig({
    path: null,
    overrides: {
      data,
      policy: { kind: 'tesseract' },
      scoring: 'strict',
      judge: 'none',
      agent: { maxPixels: VIEW_PIXELS },
      concurrency: 2,
      output,
      name,
    },
  })
  const { status } = await evaluateConfig({
    config,
    run: { path: join(output, name), mode: 'create' },
    resumeCommand: commandLine([
      ...['eval', data, '--judge', 'none', '--profile', 'strict', '--max-pixels', String(VIEW_PIXELS)],
      ...['--name', name, '--output', output, '--resume'],
    ]),
  })
  return status
}
