import { resolve } from 'node:path'
import { TORCH_MEMORY, type MemorySettings } from '../../config/memory-settings.js'
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
  memory = TORCH_MEMORY,
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
  /** Else as an evaluation calls them. */
  memory?: MemorySettings
}): Promise<{ worker: TorchWorker; facts: EngineFacts; fingerprint: string }> {
  const fingerprint = await checkpointFingerprint(directory)
  const given = { ...ENGINE_DEFAULTS, ...settings }
  const adapters = given.train === 'full' ? memory.adapters : null
  const worker = await startTorchWorker({ python, environment, memory: { ...memory, adapters } })
  try {
    const { result } = await worker.run({
      method: 'open',
      arguments: {
        ...given,
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
