import { openCheckpoint } from './checkpoint/open-checkpoint.js'
import { readModelFiles, type ModelFiles } from './model-files.js'
import { loadWeights, type LoadedWeights } from './weights/load-weights.js'

/** A checkpoint that is ready to compute. */
export interface VisionLanguageModel extends ModelFiles {
  readonly weights: LoadedWeights
}

/**
 * Load a checkpoint in the Hugging Face layout onto the backend that is open (see `openBackend`).
 * @throws UsageError when a file is missing, damaged, or of a model that is not built in.
 */
export async function openModel(directory: string): Promise<VisionLanguageModel> {
  const files = await readModelFiles(directory)
  const checkpoint = await openCheckpoint(directory)
  try {
    return { ...files, weights: await loadWeights({ checkpoint, config: files.config }) }
  } finally {
    await checkpoint.close()
  }
}
