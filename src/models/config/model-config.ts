/** Shape of a Qwen2.5-VL or Qwen3-VL model, whichever of its published layouts `config.json` has. */
export interface ModelConfig {
  readonly family: ModelFamily
  readonly text: TextConfig
  readonly vision: VisionConfig
  /** The input embedding is the output head too. */
  readonly tiesEmbeddings: boolean
  readonly tokens: SpecialTokens
}

export type ModelFamily = 'qwen2_5_vl' | 'qwen3_vl'

export interface SpecialTokens {
  readonly imagePad: number
  readonly visionStart: number
}

export interface TextConfig {
  readonly hiddenSize: number
  readonly intermediateSize: number
  readonly layers: number
  readonly heads: number
  /** Heads of keys and values; each serves `heads / keyValueHeads` query heads. */
  readonly keyValueHeads: number
  readonly headSize: number
  readonly vocabularySize: number
  readonly maxPositions: number
  readonly normEpsilon: number
  readonly ropeTheta: number
  /** How many rotary frequencies belong to time, height and width; they sum to `headSize / 2`. */
  readonly ropeSections: readonly [number, number, number]
  /** Qwen3: the three axes alternate over the frequencies instead of standing one after the other. */
  readonly isRopeInterleaved: boolean
  /** Standard deviation with which new weights are drawn. */
  readonly initializerRange: number
}

export interface VisionConfig {
  readonly depth: number
  readonly hiddenSize: number
  readonly intermediateSize: number
  readonly heads: number
  readonly outputSize: number
  readonly patchSize: number
  readonly temporalPatchSize: number
  /** Patches of one visual token, along each side. */
  readonly mergeSize: number
  readonly inChannels: number
  readonly ropeTheta: number
  readonly initializerRange: number
  /** Qwen2.5: pixels along the side of an attention window, and the blocks that attend beyond it. */
  readonly windows: { readonly size: number; readonly fullBlocks: readonly number[] } | null
  /** Qwen3: the side of the square grid of learned positions, and the blocks whose output is added to the first layers of the text (DeepStack). */
  readonly learnedPositions: { readonly side: number; readonly deepStackBlocks: readonly number[] } | null
}
