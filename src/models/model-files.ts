import type { ModelConfig } from './config/model-config.js'
import { readModelConfig } from './config/read-config.js'
import { readProcessorConfig, type ProcessorConfig } from './processor/processor-config.js'
import { loadChatTemplate, type ChatTemplate } from './tokenizer/chat-template.js'
import { loadTokenizer, type Tokenizer } from './tokenizer/load-tokenizer.js'

/** What a checkpoint says beside its weights: all that is needed to make tokens of a conversation. */
export interface ModelFiles {
  readonly directory: string
  readonly config: ModelConfig
  readonly tokenizer: Tokenizer
  readonly template: ChatTemplate
  readonly processor: ProcessorConfig
}

/** Read the files of a checkpoint in the Hugging Face layout, but not its weights. @throws UsageError when one is missing, damaged, or of a model that is not built in. */
export async function readModelFiles(directory: string): Promise<ModelFiles> {
  return {
    directory,
    config: await readModelConfig(directory),
    tokenizer: await loadTokenizer(directory),
    template: await loadChatTemplate(directory),
    processor: await readProcessorConfig(directory),
  }
}
