import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { loadEvaluationConfig } from '../config/evaluation-config.js'
import { UsageError } from '../core/errors.js'
import { TRANSFORMS } from '../core/transform.js'
import { parseBoardConfig } from '../data/card-board/board-config.js'
import { writeBoards } from '../data/card-board/write-boards.js'
import type { EvaluationResult } from '../evaluation/run/run-evaluation.js'
import { STAGE_EVALUATIONS, type MiniStage } from '../experiments/mini/mini-stages.js'
import { stageFigures, type StageFigures } from '../experiments/mini/stage-figures.js'
import { packageDirectory } from '../setup/package-paths.js'
import { commandLine } from './command-line.js'
import { evaluateConfig } from './evaluate-config.js'

/** Draw tasks, and evaluate a checkpoint of each stage on them; a folder of the run holds rows and the run of each stage. What lies there of an earlier session is gone on with. */
export async function runMiniExperiment({
  rows,
  seed,
  stages,
  checkpoints = join(packageDirectory(), 'checkpoints', 'mini'),
  folder,
  again,
}: {
  rows: number
  seed: string
  stages: readonly MiniStage[]
  checkpoints?: string | undefined
  folder: string
  /** The command that goes on, where one command goes on with all of it; else that of the stage which was stopped. */
  again?: string
}): Promise<
  | { status: 'complete'; figures: Partial<Record<MiniStage, StageFigures>> }
  | { status: Exclude<EvaluationResult['status'], 'complete'> }
> {
  if (!Number.isInteger(rows) || rows < TRANSFORMS.length)
    throw new UsageError(
      `--rows: expected a whole number of at least ${TRANSFORMS.length}, one for each orientation, got ${rows}`,
    )
  for (const stage of stages) await expectCheckpoint({ checkpoints, stage })
  const config = parseBoardConfig({ seed: `experiment/${seed}` })
  const drawn = join(resolve(folder), 'rows.parquet')
  const data = (await isThere(drawn)) ? drawn : await writeBoards({ config, folder, rows, split: 'test' })
  const figures: Partial<Record<MiniStage, StageFigures>> = {}
  for (const stage of stages) {
    console.log(`\n${stage}`)
    const path = join(packageDirectory(), 'configs', 'mini', STAGE_EVALUATIONS[stage])
    const model = join(checkpoints, stage)
    const result = await evaluateConfig({
      config: await loadEvaluationConfig({ path, overrides: { data, policy: { model } } }),
      run: {
        path: join(folder, stage),
        mode: (await isThere(join(folder, stage, 'manifest.json'))) ? 'resume' : 'create',
      },
      resumeCommand:
        again ??
        commandLine([
          ...['eval', path, '--policy', 'tfjs', '--model', model, '--data', data],
          ...['--output', folder, '--name', stage, '--resume'],
        ]),
    })
    if (result.status !== 'complete') return { status: result.status }
    figures[stage] = stageFigures(result.summary)
  }
  return { status: 'complete', figures }
}

async function expectCheckpoint({
  checkpoints,
  stage,
}: {
  checkpoints: string
  stage: MiniStage
}): Promise<void> {
  const file = join(checkpoints, stage, 'config.json')
  if (await isThere(file)) return
  throw new UsageError(
    `--checkpoints: expected a checkpoint of the stage ${stage}, got no ${file}; train it (codevision experiment train-mini), or name others with --stages`,
  )
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
