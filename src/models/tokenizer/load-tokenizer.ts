import { join } from 'node:path'
import { z } from 'zod'
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
}

const withAdded = z.object({
  added_tokens: z.array(z.object({ content: z.string(), special: z.boolean().optional() })).optional(),
})

const anyObject = z.record(z.string(), z.unknown())

/** Load `tokenizer.json` and `tokenizer_config.json`. @throws UsageError when one is missing or damaged. */
export async function loadTokenizer(directory: string): Promise<Tokenizer> {
  const { Tokenizer: Library } = await import('@huggingface/tokenizers')
  const rules = await readJsonFile({ path: join(directory, 'tokenizer.json'), schema: anyObject })
  const config = await readJsonFile({ path: join(directory, 'tokenizer_config.json'), schema: anyObject })
  const library = new Library(rules, config)
  return {
    encode: (text) => library.encode(text, { add_special_tokens: false }).ids,
    // The library refuses to decode nothing.
    decode: (ids, { skipSpecial = false } = {}) =>
      ids.length === 0
        ? ''
        : library.decode([...ids], { skip_special_tokens: skipSpecial, clean_up_tokenization_spaces: false }),
    idOf: (token) => library.token_to_id(token),
    specialTokens: (withAdded.safeParse(rules).data?.added_tokens ?? [])
      .filter(({ special }) => special === true)
      .map(({ content }) => content),
  }
}
