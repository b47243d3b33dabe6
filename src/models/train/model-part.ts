import type { ModelPart } from '../../core/training-choices.js'

const PROJECTOR = /^model\.visual\.(?:merger|deepstack_merger_list)\./

/**
 * The part that a parameter belongs to, by its name: `language` (the decoder's layers and last norm), `embeddings` (those of tokens, and the output head), `vision` (the tower),
 * `projector` (what makes visual tokens of its patches: the mergers, DeepStack's among them).
 */
export function modelPart(name: string): ModelPart {
  if (PROJECTOR.test(name)) return 'projector'
  if (name.startsWith('model.visual.')) return 'vision'
  return name === 'lm_head.weight' || name.endsWith('.embed_tokens.weight') ? 'embeddings' : 'language'
}
