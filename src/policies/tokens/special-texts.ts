import type { ModelFiles } from '../../models/model-files.js'

/** Texts that would steer the model: its special tokens, and the pad that stands for an image. */
export function specialTexts({ tokenizer, config }: Pick<ModelFiles, 'tokenizer' | 'config'>): string[] {
  return [...new Set([...tokenizer.specialTokens, tokenizer.decode([config.tokens.imagePad])])]
}
