import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Tensor } from '@tensorflow/tfjs-core'
import { UsageError } from '../../core/errors.js'
import { copyCompanions } from '../checkpoint/copy-companions.js'
import { writeFolder } from '../checkpoint/write-folder.js'
import { writeSafetensors, type NewTensor } from '../checkpoint/write-safetensors.js'
import { mergedWeights } from '../lora/merged-weights.js'
import { saveAdapter } from '../lora/save-adapter.js'
import type { VisionLanguageModel } from '../open-model.js'
import { saveWeights } from '../weights/save-weights.js'
import type { Trainer } from './trainer.js'
import {
  ADAPTER_FOLDER,
  MOMENTS_FILE,
  STATE_FILE,
  TRAINER_FOLDER,
  type TrainingState,
} from './training-state.js'

/**
 * Write a checkpoint, whole or not at all: in the Hugging Face layout, adapters merged into it and beside it in PEFT's layout, and in `trainer/` what goes on from it needs: moments, steps, settings, and
 * where bfloat16 has lost digits of the weights, those in float32. No weights may change meanwhile.
 * @throws UsageError when the folder is that of the model that was opened, or holds something else than such a checkpoint; StoreError when the disk is full or not writable.
 */
export async function saveTraining({
  directory,
  model: { directory: origin, config },
  trainer,
  state,
  type = 'F32',
}: {
  directory: string
  /** As it was opened. */
  model: Pick<VisionLanguageModel, 'directory' | 'config'>
  trainer: Trainer
  state: TrainingState
  type?: 'F32' | 'BF16'
}): Promise<void> {
  if (resolve(directory) === resolve(origin))
    throw new UsageError(
      `${directory}: expected another folder than the one that the model was opened from, got that one; it is needed as long as the model is trained`,
    )
  const { weights, optimizer } = trainer
  await writeFolder({
    directory,
    mark: STATE_FILE,
    write: async (path) => {
      const own = join(path, TRAINER_FOLDER)
      await copyCompanions({ from: origin, to: path, type })
      await mkdir(own)
      await saveWeights({ directory: path, config, weights: mergedWeights(weights), type })
      if (state.trains.kind === 'lora')
        await saveAdapter({
          directory: join(path, ADAPTER_FOLDER),
          weights,
          lora: state.trains,
          base: origin,
        })
      else if (type !== 'F32') await saveWeights({ directory: own, config, weights })
      const moments = [...optimizer.moments()].flatMap(([name, { first, second, steps }]) => [
        stored(`${name}.first`, first),
        stored(`${name}.second`, second),
        { name: `${name}.steps`, shape: [1], read: () => Promise.resolve(Float32Array.of(steps)) },
      ])
      await writeSafetensors({ path: join(path, MOMENTS_FILE), tensors: moments })
      await writeFile(join(path, STATE_FILE), `${JSON.stringify(state, null, 2)}\n`)
    },
  })
}

/** As it lies in memory. */
function stored(name: string, held: Tensor): NewTensor {
  return { name, shape: held.shape, read: async () => (await held.data()) as Float32Array }
}
