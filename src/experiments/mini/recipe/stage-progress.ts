import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isThere } from '../../../config/is-there.js'
import { restoreFolder } from '../../../models/checkpoint/write-folder.js'
import { readJsonFile } from '../../../models/read-json-file.js'
import { STATE_FILE, trainingStateSchema } from '../../../models/train/training-state.js'
import { torchSteps } from '../../../policies/torch/torch-steps.js'
import { trainingProgress } from '../../../training/loop/training-progress.js'
import { METRICS_FILE } from '../../../store/run.js'
import type { RecipeStage } from './recipe-config.js'

/** How far a stage in a folder is. */
export interface StageProgress {
  /** Steps that its newest checkpoint holds. */
  readonly steps: number
  /** Whether a step was made, saved or not. */
  readonly isBegun: boolean
  readonly isFinished: boolean
  /** Folder of that checkpoint; null: there is none. */
  readonly checkpoint: string | null
}

/** Read how far a stage is, without its weights; a checkpoint that was being replaced when the training was killed is put back. @throws UsageError or StoreError when its checkpoint is damaged. */
export async function stageProgress({
  folder,
  stage,
}: {
  folder: string
  stage: RecipeStage
}): Promise<StageProgress> {
  const unsaved: StageProgress = {
    steps: 0,
    isBegun: await hasLines(join(folder, METRICS_FILE)),
    isFinished: false,
    checkpoint: null,
  }
  switch (stage.kind) {
    case 'supervised': {
      const checkpoint = join(folder, 'checkpoint')
      await restoreFolder(checkpoint)
      const steps = (await tfjsSteps(checkpoint)) ?? (await torchSteps(checkpoint))
      if (steps === null) return unsaved
      return { steps, isBegun: true, isFinished: steps >= stage.config.steps, checkpoint }
    }
    case 'grpo': {
      const progress = await trainingProgress(folder)
      if (progress === null) return unsaved
      const { state, policy } = progress.checkpoint
      return { steps: state.step, isBegun: true, isFinished: progress.isOver, checkpoint: policy }
    }
  }
}

/** Updates that a checkpoint of the engine in this process holds; null: it has written none. */
async function tfjsSteps(checkpoint: string): Promise<number | null> {
  const path = join(checkpoint, STATE_FILE)
  if (!(await isThere(path))) return null
  return (await readJsonFile({ path, schema: trainingStateSchema })).steps
}

/** Each step has one; a file without any was made before the first. */
async function hasLines(path: string): Promise<boolean> {
  return stat(path).then(
    ({ size }) => size > 0,
    () => false,
  )
}
