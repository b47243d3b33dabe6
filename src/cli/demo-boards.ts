import { join } from 'node:path'
import { loadEvaluationConfig } from '../config/evaluation-config.js'
import { parseBoardConfig } from '../data/card-board/board-config.js'
import { writeBoards } from '../data/card-board/write-boards.js'
import type { EvaluationResult } from '../evaluation/run/run-evaluation.js'
import { packageDirectory } from '../setup/package-paths.js'
import { withSlips } from '../experiments/mini/with-slips.js'
import { openOutputFolder } from '../store/output-folder.js'
import { openRun } from '../store/open-run.js'
import { chooseExample } from './choose-example.js'
import { commandLine } from './command-line.js'
import { evaluateConfig } from './evaluate-config.js'
import { runName } from './run-name.js'
import { showSample } from './show-sample.js'

/** Boards, two of each orientation, whose first call is spoilt. */
const SPOILT = 12

/**
 * Draw boards of cards, let the model that was trained here solve them by writing Python, then a few whose first call is spoilt on its way to the sandbox, since it makes hardly an error by itself; and show how
 * it went on from one, turn by turn.
 */
export async function playBoards({
  rows,
  seed,
  output,
  model,
}: {
  rows: number
  seed: string
  output: string
  /** Folder of its checkpoint. */
  model: string
}): Promise<EvaluationResult['status']> {
  const name = runName({ suite: 'demo', policy: 'mini' })
  const folder = join(output, `${name}-boards`)
  await openOutputFolder(output)
  console.error(`Drawing ${rows} boards of cards into ${folder}`)
  const boards = parseBoardConfig({ seed: `demo/${seed}` })
  const data = await writeBoards({ config: boards, folder, rows, split: 'demo' })
  const path = join(packageDirectory(), 'configs', 'mini', 'eval-tools.yaml')
  const config = await loadEvaluationConfig({ path, overrides: { data, policy: { model }, output, name } })
  const { status } = await evaluateConfig({
    config,
    run: { path: join(output, name), mode: 'create' },
    resumeCommand: commandLine([
      ...['eval', path, '--policy', 'tfjs', '--model', model, '--data', data],
      ...['--output', output, '--name', name, '--resume'],
    ]),
  })
  if (status !== 'complete') return status
  const spoilt = `${name}-spoilt`
  console.log(`The first ${Math.min(SPOILT, rows)} again, the first call of each spoilt before it runs:`)
  const again = await evaluateConfig({
    config: { ...config, limit: { first: 1, last: SPOILT }, name: spoilt },
    run: { path: join(output, spoilt), mode: 'create' },
    // They are not gone on with: the demo is short, and no configuration says what was spoilt.
    resumeCommand: commandLine([
      'demo',
      '--rows',
      String(rows),
      '--seed',
      seed,
      '--output',
      output,
      '--model',
      model,
    ]),
    through: withSlips,
  })
  if (again.status !== 'complete') return again.status
  const example = await chooseExample((await openRun({ path: again.path, mode: 'read' })).samples())
  console.log(example === null ? '\nNo code was written.' : `\nOne of them:\n${showSample(example)}`)
  const runs = [join(output, name), join(output, spoilt)]
  console.log(`\nAll of them, turn by turn: ${commandLine(['view', ...runs])}`)
  const classical = commandLine(['demo', '--policy', 'tesseract'])
  console.log(`The classical agent over drawn receipts and timetables: ${classical}`)
  return status
}
