import { ADAMW_DEFAULTS, type AdamWSettings } from '../../models/train/adamw.js'

/** How the engine holds the model; what is not given is as it says here. */
export interface EngineSettings {
  /** `auto`: the GPU where torch finds one. */
  readonly device: 'auto' | 'cuda' | 'cpu'
  /** `auto`: bfloat16 on a GPU, float32 else. */
  readonly dtype: 'auto' | 'float32' | 'bfloat16'
  /** What is trained: nothing, low-rank adapters of the text model's linear layers, or all weights. */
  readonly train: 'none' | 'lora' | 'full'
  readonly lora: { readonly rank: number; readonly alpha: number }
  /** The vision tower keeps its weights (with `full`; adapters leave it alone in any case). */
  readonly freezeVision: boolean
  /** Activations are computed again on the way back instead of being kept: less memory, a third more time. */
  readonly checkpointing: boolean
  readonly optimizer: AdamWSettings
}

export const ENGINE_DEFAULTS: EngineSettings = {
  device: 'auto',
  dtype: 'auto',
  train: 'none',
  lora: { rank: 16, alpha: 32 },
  freezeVision: true,
  checkpointing: true,
  optimizer: ADAMW_DEFAULTS,
}
