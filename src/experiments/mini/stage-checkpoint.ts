import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import type { ModelConfig } from '../../models/config/model-config.js'
import { loadMoments, saveMoments } from '../../models/train/moments-file.js'
import type { Trainer } from '../../models/train/trainer.js'
import { saveWeights } from '../../models/weights/save-weights.js'
import type { MiniShape } from './mini-shape.js'
import { writeMiniFiles } from './write-mini-checkpoint.js'

const OPTIMIZER = 'optimizer'
/** Tells that a folder holds a stage that was begun. */
export const STAGE_STATE = 'training.json'

const stateSchema = z.object({ step: z.number().int().min(0), updates: z.number().int().min(0) })

/** Write the model and, beside it, what is needed to go on with the same next step. The folder is replaced as a whole. */
export async function saveStage({
  directory,
  trainer,
  config,
  shape,
  step,
}: {
  directory: string
  trainer: Trainer
  config: ModelConfig
  shape: MiniShape
  /** Steps that are done. */
  step: number
}): Promise<void> {
  const staging = `${directory}.new`
  const before = `${directory}.old`
  await rm(staging, { recursive: true, force: true })
  await mkdir(staging, { recursive: true })
  await writeMiniFiles({ directory: staging, shape })
  await saveWeights({ directory: staging, config, weights: trainer.weights })
  await saveMoments({ directory: join(staging, OPTIMIZER), optimizer: trainer.optimizer })
  const state = { step, updates: trainer.optimizer.steps }
  await writeFile(join(staging, STAGE_STATE), `${JSON.stringify(state)}\n`)
  await rm(before, { recursive: true, force: true })
  await rename(directory, before).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(staging, directory)
  await rm(before, { recursive: true, force: true })
}

/** Give a trainer, whose weights are those of the folder, its optimizer back. @returns the steps that were done. @throws UsageError when the folder has no state of training. */
export async function resumeStage({
  directory,
  trainer,
}: {
  directory: string
  trainer: Trainer
}): Promise<number> {
  const path = join(directory, STAGE_STATE)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${path}: expected the state of a stage that was begun, got none`, { cause })
  })
  const { step, updates } = stateSchema.parse(JSON.parse(text))
  await loadMoments({
    directory: join(directory, OPTIMIZER),
    optimizer: trainer.optimizer,
    steps: updates,
  })
  return step
}
