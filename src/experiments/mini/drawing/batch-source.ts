import { readModelFiles } from '../../../models/model-files.js'
import type { MiniStageConfig } from '../mini-config.js'
import type { MiniTaskName } from '../mini-sample.js'
import { createSampleEncoder, type EncodedSample } from '../sample-encoder.js'
import { openSampleStream } from '../sample-stream.js'

/** Samples of a stage as tokens and patches, any of which can be asked for at any time. */
export interface BatchSource {
  /** Those of a training step, from 0. */
  batch(step: number): Promise<EncodedSample[]>
  /** Others, none of which is trained on, of one task. */
  held(given: HeldRequest): Promise<EncodedSample[]>
  close(): Promise<void>
}

export interface HeldRequest {
  readonly task: MiniTaskName
  readonly count: number
}

/** What decides about samples: they are drawn as the configuration says, and written as the checkpoint's tokenizer, template and processor do. */
export interface BatchSetup {
  readonly config: MiniStageConfig
  /** Folder of the checkpoint. */
  readonly directory: string
}

/** Samples that are drawn where they are asked for. @throws UsageError when a file of the checkpoint is missing or damaged. */
export async function openBatchSource({ config, directory }: BatchSetup): Promise<BatchSource> {
  const stream = await openSampleStream(config)
  const encoder = createSampleEncoder({ model: await readModelFiles(directory) })
  return {
    batch: async (step) => (await stream.batch(step)).map((sample) => encoder.encode(sample)),
    held: async (request) => (await stream.held(request)).map((sample) => encoder.encode(sample)),
    close: () => Promise.resolve(),
  }
}
