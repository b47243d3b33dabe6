import type { ModelConfig } from '../config/model-config.js'

/** Columns of a panel of a packed matrix; PANEL in assembly/layout.ts. */
export const PANEL = 8
/** Tokens whose keys and values lie in one page; PAGE_TOKENS in assembly/layout.ts. */
export const PAGE_TOKENS = 32
/** Tokens that one call computes at most. */
export const MOST_ROWS = 64

const FLOAT = 4
/** Numbers of a vector. */
const LANES = 4

/** Sizes of a model in the decoder's memory: padded to whole panels, each half of a head to whole vectors. In numbers, unless they say bytes. */
export interface DecoderSizes {
  readonly hidden: number
  readonly headSize: number
  readonly intermediate: number
  readonly vocabulary: number
  /** Queries of a token; its keys, or values, are `shared`. */
  readonly queries: number
  readonly shared: number
  readonly pageBytes: number
  /** Of all packed parameters. */
  readonly weightBytes: number
}

export function decoderSizes({
  text,
  tiesEmbeddings,
}: Pick<ModelConfig, 'text' | 'tiesEmbeddings'>): DecoderSizes {
  const hidden = padded(text.hiddenSize, PANEL)
  const headSize = 2 * padded(text.headSize / 2, LANES)
  const intermediate = padded(text.intermediateSize, PANEL)
  const vocabulary = padded(text.vocabularySize, PANEL)
  const queries = text.heads * headSize
  const shared = text.keyValueHeads * headSize
  const layer =
    hidden * (2 * queries + 2 * shared + 3 * intermediate + 2) + queries + 2 * shared + 2 * headSize
  const tables = vocabulary * hidden * (tiesEmbeddings ? 1 : 2)
  return {
    hidden,
    headSize,
    intermediate,
    vocabulary,
    queries,
    shared,
    pageBytes: FLOAT * PAGE_TOKENS * 2 * text.layers * shared,
    weightBytes: FLOAT * (text.layers * layer + tables + hidden),
  }
}

function padded(size: number, by: number): number {
  return Math.ceil(size / by) * by
}
