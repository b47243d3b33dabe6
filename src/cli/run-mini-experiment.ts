import { join, resolve } from 'node:path'
import { loadEvaluationConfig } from '../config/evaluation-config.js'
import { isThere } from '../config/is-there.js'
import { makeFolder } from '../config/make-folder.js'
import { UsageError } from '../core/errors.js'
import { TRANSFORMS } from '../core/transform.js'
import { parseBoardConfig } from '../data/card-board/board-config.js'
import { MOST_BOARDS } from '../data/card-board/write-boards.js'
import type { EvaluationResult } from '../evaluation/run/run-evaluation.js'
import { policyOn, type MiniEngine } from '../experiments/mini/engines/mini-engine.js'
import { STAGE_EVALUATIONS, type MiniStage } from '../experiments/mini/mini-stages.js'
import { keepBeginning } from '../experiments/mini/recipe/keep-beginning.js'
import { withSlips } from '../experiments/mini/with-slips.js'
import { stageFigures, type StageFigures } from '../experiments/mini/stage-figures.js'
import { packageDirectory } from '../setup/package-paths.js'
import { torchPython } from '../wiring.js'
import { drawBoards } from './draw-boards.js'
import { evaluateConfig } from './evaluate-config.js'

/** Draw tasks, and evaluate a checkpoint of each stage on them; a folder of the run holds rows and the run of each stage. What lies there of an earlier session is gone on with. */
export async function runMiniExperiment({
  rows,
  seed,
  stages,
  checkpoints = join(packageDirectory(), 'checkpoints', 'mini'),
  folder,
  engine = 'tfjs',
  slips = false,
  again,
}: {
  rows: number
  seed: string
  stages: readonly MiniStage[]
  checkpoints?: string | undefined
  folder: string
  engine?: MiniEngine
  /** Whether the first call of each trajectory is spoilt. */
  slips?: boolean
  /** The command that goes on. */
  again: string
}): Promise<
  | { status: 'complete'; figures: Partial<Record<MiniStage, StageFigures>> }
  | { status: Exclude<EvaluationResult['status'], 'complete'> }
> {
  if (!Number.isInteger(rows) || rows < TRANSFORMS.length || rows > MOST_BOARDS)
    throw new UsageError(
      `--rows: expected a whole number from ${TRANSFORMS.length}, one for each orientation, to ${MOST_BOARDS}, got ${rows}`,
    )
  if (engine === 'torch') await torchPython()
  for (const stage of stages) await expectCheckpoint({ checkpoints, stage })
  const config = parseBoardConfig({ seed: `experiment/${seed}` })
  const drawn = join(resolve(folder), 'rows.parquet')
  await makeFolder(resolve(folder))
  // Rows of another number or seed that lie there are not taken for these.
  await keepBeginning({
    folder,
    values: { seed, rows, ...(slips && { slips }) },
    isBegun: await isThere(drawn),
  })
  const data = (await isThere(drawn)) ? drawn : await drawBoards({ config, folder, rows, split: 'test' })
  const figures: Partial<Record<MiniStage, StageFigures>> = {}
  for (const stage of stages) {
    console.log(`\n${stage}`)
    const path = join(packageDirectory(), 'configs', 'mini', STAGE_EVALUATIONS[stage])
    const model = join(checkpoints, stage)
    const loaded = await loadEvaluationConfig({ path, overrides: { data, policy: { model } } })
    const result = await evaluateConfig({
      config: { ...loaded, policy: policyOn({ engine, policy: loaded.policy }) },
      run: {
        path: join(folder, stage),
        mode: (await isThere(join(folder, stage, 'manifest.json'))) ? 'resume' : 'create',
      },
      resumeCommand: again,
      ...(slips && { through: withSlips }),
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
