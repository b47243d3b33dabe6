import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { readJsonFile } from '../../../models/read-json-file.js'
import { STATE_FILE, trainingStateSchema } from '../../../models/train/training-state.js'
import { openCheckpointFolder } from '../../../training/checkpoint/checkpoint-folder.js'
import { CHECKPOINTS_FOLDER } from '../../../training/loop/train-loop.js'
import type { RecipeStage } from './recipe-config.js'

/** How far a stage in a folder is. */
export interface StageProgress {
  /** Steps that its newest checkpoint holds. */
  readonly steps: number
  readonly isFinished: boolean
  /** Folder of that checkpoint; null: there is none. */
  readonly checkpoint: string | null
}

const NOTHING: StageProgress = { steps: 0, isFinished: false, checkpoint: null }

/** Read how far a stage is, without its weights. @throws UsageError or StoreError when its checkpoint is damaged. */
export async function stageProgress({
  folder,
  stage,
}: {
  folder: string
  stage: RecipeStage
}): Promise<StageProgress> {
  switch (stage.kind) {
    case 'supervised': {
      const checkpoint = join(folder, 'checkpoint')
      const path = join(checkpoint, STATE_FILE)
      if (!(await isThere(path))) return NOTHING
      const { steps } = await readJsonFile({ path, schema: trainingStateSchema })
      return { steps, isFinished: steps >= stage.config.steps, checkpoint }
    }
    case 'grpo': {
      const path = join(folder, CHECKPOINTS_FOLDER)
      if (!(await isThere(path))) return NOTHING
      const latest = await (await openCheckpointFolder({ path, keep: Infinity })).latest()
      if (latest === null) return NOTHING
      const { step, totalSteps } = latest.state
      return { steps: step, isFinished: step >= totalSteps, checkpoint: latest.policy }
    }
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
