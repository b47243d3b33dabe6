import { join } from 'node:path'
import type { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import { readJsonFile } from '../read-json-file.js'

/** Text to token ids and back, as the checkpoint's own files say. */
export interface Tokenizer {
  encode(text: string): number[]
  /** Of ids that end within a character, the part that is whole. */
  decode(ids: readonly number[], options?: { skipSpecial?: boolean }): string
  /** Undefined where the vocabulary has no such token. */
  idOf(token: string): number | undefined
  /** Tokens that steer rather than say something, such as the end of a turn, wherever a text holds them. */
  readonly specialTokens: readonly string[]
  /** Every id is below it. */
  readonly idsEnd: number
}

const anyObject = z.record(z.string(), z.unknown())

/** What the library builds on without a look: Qwen's tokenizers are of byte pairs. The vocabulary is left as it is: a copy would lose the token `__proto__`. */
const rulesSchema = z.looseObject({
  model: z.looseObject({
    type: z.literal('BPE').optional(),
    vocab: z.custom<Record<string, number>>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'expected ids by their tokens',
    ),
    merges: z.array(z.unknown()),
  }),
  added_tokens: z
    .array(
      z.looseObject({ id: z.number().int().min(0), content: z.string(), special: z.boolean().optional() }),
    )
    .optional(),
})

/** Load `tokenizer.json` and `tokenizer_config.json`. @throws UsageError when one is missing or damaged. */
export async function loadTokenizer(directory: string): Promise<Tokenizer> {
  const { Tokenizer: Library } = await import('@huggingface/tokenizers')
  const rules = await readJsonFile({ path: join(directory, 'tokenizer.json'), schema: rulesSchema })
  const config = await readJsonFile({ path: join(directory, 'tokenizer_config.json'), schema: anyObject })
  const library = built({ Library, rules, config, directory })
  return {
    encode: (text) => library.encode(text, { add_special_tokens: false }).ids,
    // The library refuses to decode nothing.
    decode: (ids, { skipSpecial = false } = {}) =>
      ids.length === 0
        ? ''
        : library.decode([...ids], { skip_special_tokens: skipSpecial, clean_up_tokenization_spaces: false }),
    idOf: (token) => library.token_to_id(token),
    specialTokens: (rules.added_tokens ?? [])
      .filter(({ special }) => special === true)
      .map(({ content }) => content),
    idsEnd: endOf([...Object.values(rules.model.vocab), ...(rules.added_tokens ?? []).map(({ id }) => id)]),
  }
}

function endOf(ids: readonly number[]): number {
  return ids.reduce((end, id) => Math.max(end, id + 1), 0)
}

function built({
  Library,
  rules,
  config,
  directory,
}: {
  Library: typeof LibraryTokenizer
  rules: object
  config: object
  directory: string
}): LibraryTokenizer {
  try {
    return new Library(rules, config)
  } catch (cause) {
    throw new UsageError(
      `${join(directory, 'tokenizer.json')}: expected the rules of a tokenizer, got some that cannot be followed; ${String(cause)}`,
      { cause },
    )
  }
}
