import { byteSymbols } from '../../models/tokenizer/byte-symbols.js'
import { phraseTokens, SPECIAL_TOKENS } from './vocabulary.js'

const BYTES = 256

/** All tokens in the order of their ids: bytes, special ones, phrases. */
export function tokenCount(): number {
  return BYTES + SPECIAL_TOKENS.length + phraseTokens().length
}

/** Id of a special token. */
export function specialId(token: (typeof SPECIAL_TOKENS)[number]): number {
  return BYTES + SPECIAL_TOKENS.indexOf(token)
}

/** `tokenizer.json`: byte-level BPE without merges, whose phrases stand among the added tokens; read alike by the libraries of Hugging Face in JavaScript, Python and Rust. */
export function tokenizerJson(): object {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false }
  const added = [...SPECIAL_TOKENS, ...phraseTokens()].map((content, at) => ({
    id: BYTES + at,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: at < SPECIAL_TOKENS.length,
  }))
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: { type: 'NFC' },
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(byteSymbols().map((symbol, byte) => [symbol, byte])),
      merges: [],
    },
  }
}

/** `tokenizer_config.json`. */
export function tokenizerConfigJson(): object {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    eos_token: '<|im_end|>',
    pad_token: '<|endoftext|>',
    clean_up_tokenization_spaces: false,
  }
}
