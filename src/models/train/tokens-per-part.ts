/** Of tokens that a thread differentiates together, unless others are asked for; what is computed on the way is kept for the way back, and on `wasm` has to fit into one heap. */
export const TOKENS_PER_PART = 2048
