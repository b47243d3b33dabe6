/** Tokens whose keys and values lie in one page. */
export const PAGE_TOKENS: i32 = 32

/** Columns of a panel: a matrix [inputs, outputs] lies as panels of so many outputs, each of them input by input. */
export const PANEL: i32 = 8

/** Bytes from one input to the next within a panel. */
export const PANEL_STEP: usize = 32

/**
 * Sizes and places of a model; mirrored by `memory-layout.ts`. Every size is padded to whole panels, and every half of a head to whole vectors, with zeros; so nothing here has remainders.
 */
@unmanaged
export class Model {
  hidden: i32
  /** Of these, numbers that are no padding. */
  hiddenOwn: i32
  layers: i32
  heads: i32
  keyValueHeads: i32
  headSize: i32
  headOwn: i32
  intermediate: i32
  vocabulary: i32
  epsilon: f32
  /** Of attention scores: 1 / √headOwn. */
  scale: f32
  /** [vocabulary, hidden], row by row; 0: the head's columns. */
  embedding: usize
  finalNorm: usize
  head: usize
  /** One {@link Layer} behind the other. */
  layerTable: usize
}

/** Places of one layer's parameters; 0 where the family has none. */
@unmanaged
export class Layer {
  inputNorm: usize
  /** Queries, keys and values side by side. */
  projection: usize
  projectionBias: usize
  queryNorm: usize
  keyNorm: usize
  output: usize
  feedNorm: usize
  gate: usize
  up: usize
  down: usize
}

/** Places of what a step computes with: matrices of as many rows as a step takes at most. */
@unmanaged
export class Workspace {
  rows: i32
  /** Rows whose scores are wanted. */
  scored: i32
  /** One {@link Row} behind the other. */
  rowTable: usize
  /** Residual stream, [rows, hidden]. */
  x: usize
  /** [rows, hidden]. */
  normed: usize
  /** Queries, keys and values, [rows, (heads + 2 keyValueHeads) headSize]. */
  projected: usize
  /** What attention gives, [rows, heads headSize]. */
  mixed: usize
  /** [rows, intermediate], both. */
  gate: usize
  up: usize
  /** [scored, vocabulary]. */
  scores: usize
  /** Attention's own, for each thread. */
  scratch: usize
  scratchBytes: usize
}

/** One token of a step. */
@unmanaged
export class Row {
  token: i32
  /** Tokens of its conversation before it. */
  past: i32
  /** Addresses of the pages of its conversation's keys and values. */
  pages: usize
  /** Its place among the scores; negative: none. */
  scored: i32
  /** Cosines and sines of its position, headSize / 2 each. */
  cos: usize
  sin: usize
}

export function layerAt(model: Model, at: i32): Layer {
  return changetype<Layer>(model.layerTable + <usize>at * offsetof<Layer>())
}

export function rowAt(work: Workspace, at: i32): Row {
  return changetype<Row>(work.rowTable + <usize>at * offsetof<Row>())
}
