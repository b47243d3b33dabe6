import { openCheckpoint } from './checkpoint/open-checkpoint.js'
import type { ModelConfig } from './config/model-config.js'
import { readModelConfig } from './config/read-config.js'
import { readProcessorConfig, type ProcessorConfig } from './processor/processor-config.js'
import { loadChatTemplate, type ChatTemplate } from './tokenizer/chat-template.js'
import { loadTokenizer, type Tokenizer } from './tokenizer/load-tokenizer.js'
import { loadWeights, type LoadedWeights } from './weights/load-weights.js'

/** A checkpoint that is ready to compute. */
export interface VisionLanguageModel {
  readonly directory: string
  readonly config: ModelConfig
  readonly weights: LoadedWeights
  readonly tokenizer: Tokenizer
  readonly template: ChatTemplate
  readonly processor: ProcessorConfig
}

/**
 * Load a checkpoint in the Hugging Face layout onto the backend that is open (see `openBackend`).
 * @throws UsageError when a file is missing, damaged, or of a model that is not built in.
 */
export async function openModel(directory: string): Promise<VisionLanguageModel> {
  const config = await readModelConfig(directory)
  const tokenizer = await loadTokenizer(directory)
  const template = await loadChatTemplate(directory)
  const processor = await readProcessorConfig(directory)
  const checkpoint = await openCheckpoint(directory)
  try {
    return {
      directory,
      config,
      tokenizer,
      template,
      processor,
      weights: await loadWeights({ checkpoint, config }),
    }
  } finally {
    await checkpoint.close()
  }
}
