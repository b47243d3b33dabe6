import { UsageError } from '../../core/errors.js'
import type { GenerationConfig } from '../../models/generate/read-generation-config.js'
import type { Tokenizer } from '../../models/tokenizer/load-tokenizer.js'

/** Ends a turn in the conversations of these models, whatever a checkpoint's files say. */
const TURN_END = '<|im_end|>'

/** Tokens that end a turn. @throws UsageError when a checkpoint has none. */
export function stopTokens({
  generation,
  tokenizer,
  directory,
}: {
  generation: GenerationConfig
  tokenizer: Pick<Tokenizer, 'idOf'>
  directory: string
}): Set<number> {
  const turnEnd = tokenizer.idOf(TURN_END)
  const stopIds = new Set([...generation.stopIds, ...(turnEnd === undefined ? [] : [turnEnd])])
  if (stopIds.size === 0)
    throw new UsageError(
      `${directory}: expected a token that ends a turn (eos_token_id in generation_config.json, or ${TURN_END} in the vocabulary), got none`,
    )
  return stopIds
}
