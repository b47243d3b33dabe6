import type { ModelConfig } from '../../models/config/model-config.js'
import { adaptedLayers } from '../../models/lora/adapted-layers.js'
import { parameterShapes } from '../../models/weights/parameter-shapes.js'
import type { EngineSettings } from './engine-settings.js'

const BFLOAT = 2
const FLOAT = 4
/** Of each trained number, in float32: the number itself, its gradient, two moments. */
const TRAINED_COPIES = 4
/** Tokens whose scores of the vocabulary stand there at once. */
const SCORED_TOKENS = 1024
/** Of a score: in the model's precision, in float32, and its derivative. */
const SCORE_BYTES = BFLOAT + 2 * FLOAT
const VISION = 'model.visual.'
/** The layers that the engine gives adapters. */
const ADAPTED = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']

/** What the torch engine holds on a GPU in bfloat16, in bytes. */
export interface TorchMemory {
  /** Parameters of the model, and numbers that are trained. */
  readonly parameters: number
  readonly trained: number
  readonly weights: number
  /** Gradients, AdamW's moments, and float32 copies of what is trained (or the adapters). */
  readonly training: number
  /** Kept by GRPO for its divergence. */
  readonly reference: number
  /** For the moment of an update: AdamW takes the roots of all second moments at once. */
  readonly update: number
  /** An estimate, with checkpointing: the inputs of all layers, the values and derivatives of the one that is computed again, scores of the vocabulary. */
  readonly activations: number
  /** Keys and values of one token of a conversation that is being written. */
  readonly perToken: number
}

/**
 * Memory of a training, by the shapes of the parameters alone.
 * @param parameters.tokens of the longest part that is trained at once.
 */
export function torchMemory({
  config,
  train,
  rank,
  freezeVision = false,
  tokens,
}: {
  config: ModelConfig
  train: EngineSettings['train']
  rank: number
  freezeVision?: boolean
  tokens: number
}): TorchMemory {
  const { layers, hiddenSize, intermediateSize, vocabularySize, keyValueHeads, headSize } = config.text
  const counts = [...parameterShapes(config)].map(([name, shape]) => ({
    isVision: name.startsWith(VISION),
    count: shape.reduce((product, side) => product * side, 1),
  }))
  const own = counts.filter(({ isVision }) => !(freezeVision && isVision))
  const adapters = adaptedLayers({ targets: ADAPTED, config }).map((layer) => rank * (layer.in + layer.out))
  const parameters = sum(counts.map(({ count }) => count))
  const trained = { none: 0, lora: sum(adapters), full: sum(own.map(({ count }) => count)) }[train]
  const isLora = train === 'lora'
  const layer = 2 * BFLOAT * (4 * intermediateSize + 8 * hiddenSize)
  return {
    parameters,
    trained,
    weights: BFLOAT * parameters,
    training: TRAINED_COPIES * FLOAT * trained,
    reference: (isLora ? FLOAT : BFLOAT) * trained,
    update: FLOAT * trained,
    activations:
      train === 'none'
        ? 0
        : tokens * (BFLOAT * layers * hiddenSize + layer) + SCORED_TOKENS * vocabularySize * SCORE_BYTES,
    perToken: BFLOAT * 2 * layers * keyValueHeads * headSize,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
