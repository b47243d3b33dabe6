import { resolve } from 'node:path'
import { checkpointFingerprint } from '../../models/checkpoint/checkpoint-fingerprint.js'
import { engineFacts, type EngineFacts } from './engine-facts.js'
import { ENGINE_DEFAULTS, type EngineSettings } from './engine-settings.js'
import type { TorchPython } from './torch-python.js'
import { startTorchWorker, type TorchWorker } from './torch-worker.js'

/**
 * Start the engine's process and load a checkpoint there.
 * @throws UsageError when the folder is no checkpoint of a model that transformers loads for it, or the device is not there; EngineError when the process does not start, or the model does not fit.
 */
export async function openTorchEngine({
  python,
  environment,
  directory,
  settings,
  places,
  promptTokens,
  seed,
}: {
  python: TorchPython
  /** Of the engine's process. */
  environment: Readonly<Record<string, string>>
  /** Checkpoint in the Hugging Face layout. */
  directory: string
  settings: Partial<EngineSettings>
  /** Conversations that are continued together. */
  places: number
  /** Tokens of prompts, padding among them, that are read at once. */
  promptTokens: number
  seed: number
}): Promise<{ worker: TorchWorker; facts: EngineFacts; fingerprint: string }> {
  const fingerprint = await checkpointFingerprint(directory)
  const worker = await startTorchWorker({ python, environment })
  try {
    const { result } = await worker.run({
      method: 'open',
      arguments: {
        ...{ ...ENGINE_DEFAULTS, ...settings },
        directory: resolve(directory),
        base: fingerprint,
        ...{ places, promptTokens, seed },
      },
    })
    return { worker, facts: engineFacts.parse(result), fingerprint }
  } catch (error) {
    await worker.close()
    throw error
  }
}
