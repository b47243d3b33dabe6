import { UsageError } from '../core/errors.js'
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
  const files = {
    directory,
    config: await readModelConfig(directory),
    tokenizer: await loadTokenizer(directory),
    template: await loadChatTemplate(directory),
    processor: await readProcessorConfig(directory),
  }
  checkAgreement(files)
  return files
}

/** What one file says of the model, the others must say too. */
function checkAgreement({ directory, config: { text, vision }, tokenizer, processor }: ModelFiles): void {
  if (tokenizer.idsEnd > text.vocabularySize)
    throw new UsageError(
      `${directory}: expected a tokenizer whose ids are below the \`vocab_size\` of config.json (${text.vocabularySize}), got one with the id ${tokenizer.idsEnd - 1}`,
    )
  for (const [name, expected, got] of [
    ['patch_size', vision.patchSize, processor.patchSize],
    ['merge_size', vision.mergeSize, processor.mergeSize],
    ['temporal_patch_size', vision.temporalPatchSize, processor.temporalPatchSize],
    ['number of channels', vision.inChannels, processor.mean.length],
  ] as const)
    if (got !== expected)
      throw new UsageError(
        `${directory}: expected the ${name} of the vision tower in config.json (${expected}) in preprocessor_config.json too, got ${got}`,
      )
}
