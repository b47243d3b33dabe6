import { join } from 'node:path'
import { readLines } from '../../store/lines.js'
import { METRICS_FILE } from '../../store/run.js'
import { latestCheckpoint, type Checkpoint } from '../checkpoint/checkpoint-folder.js'
import { evaluatedSteps } from '../metrics/metrics-log.js'
import { CHECKPOINTS_FOLDER } from './train-loop.js'

/** How far a training is. */
export interface TrainingProgress {
  readonly checkpoint: Checkpoint
  /** All steps are taken, and the last is evaluated where this training evaluates: it does so from the beginning on. */
  readonly isOver: boolean
}

/** Read how far the training in a run folder is, without its weights; null where it has no checkpoint yet. @throws StoreError for one that is damaged. */
export async function trainingProgress(run: string): Promise<TrainingProgress | null> {
  const checkpoint = await latestCheckpoint(join(run, CHECKPOINTS_FOLDER))
  if (checkpoint === null) return null
  const { step, totalSteps } = checkpoint.state
  if (step < totalSteps) return { checkpoint, isOver: false }
  const evaluated = evaluatedSteps(await readLines(join(run, METRICS_FILE)))
  return { checkpoint, isOver: evaluated.size === 0 || evaluated.has(step) }
}
