/** Low-rank adapters (Hu et al., arXiv 2106.09685): a layer x · W becomes x · W + x · A · B · (alpha / rank), of which A and B are trained. No dropout. */
export interface LoraSettings {
  readonly rank: number
  readonly alpha: number
  /**
   * Layers that get an adapter, by the ends of their names as PEFT has it: `q_proj` is every `….q_proj` of the language model. Layers of the vision tower are named with `visual.` before the
   * end: `visual.attn.qkv`, `visual.merger.linear_fc2`.
   */
  readonly targets: readonly string[]
}

/** The layers of Qwen's language models that products are made in, as PEFT's `all-linear` would find them there. */
export const LANGUAGE_LAYERS: readonly string[] = [
  'q_proj',
  'k_proj',
  'v_proj',
  'o_proj',
  'gate_proj',
  'up_proj',
  'down_proj',
]
