import { join } from 'node:path'
import { isThere } from '../../config/is-there.js'
import { checkpointFingerprint } from '../../models/checkpoint/checkpoint-fingerprint.js'
import type { VisionLanguageModel } from '../../models/open-model.js'
import type { AdamWSettings } from '../../models/train/adamw.js'
import { loadTraining } from '../../models/train/load-training.js'
import { saveTraining } from '../../models/train/save-training.js'
import type { Trainer } from '../../models/train/trainer.js'
import { STATE_FILE, type TrainingState } from '../../models/train/training-state.js'
import { TRAINS_ALL } from '../../models/train/trains.js'

/** The checkpoint of a stage, which goes on from it. */
export interface StageCheckpoint {
  /** Whether there is one already. */
  readonly isThere: boolean
  /** Replaces the one before as a whole. */
  save(): Promise<void>
  /** Gives the trainer weights and moments of the checkpoint. @returns the steps that were done. @throws UsageError when the folder has no state of this training. */
  resume(): Promise<number>
}

export async function openStageCheckpoint({
  directory,
  model,
  trainer,
  optimizer,
}: {
  directory: string
  /** As it was opened to be trained. */
  model: Pick<VisionLanguageModel, 'directory' | 'config'>
  trainer: Trainer
  optimizer: AdamWSettings
}): Promise<StageCheckpoint> {
  const base = await checkpointFingerprint(model.directory)
  const expected = { trains: TRAINS_ALL, optimizer, base } satisfies Partial<TrainingState>
  return {
    isThere: await isThere(join(directory, STATE_FILE)),
    save: () =>
      saveTraining({
        directory,
        model,
        trainer,
        state: { version: 1, steps: trainer.optimizer.steps, identity: base, ...expected },
      }),
    // A step is an update.
    resume: async () => (await loadTraining({ directory, config: model.config, trainer, expected })).steps,
  }
}
