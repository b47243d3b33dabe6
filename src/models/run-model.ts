import { concat, gather, matMul, tensor1d, zeros, type Tensor2D } from '@tensorflow/tfjs-core'
import type { ModelConfig } from './config/model-config.js'
import { rotaryTables } from './layers/rotary.js'
import type { RopePositions } from './positions/rope-positions.js'
import type { SequenceCache } from './text/sequence-cache.js'
import { ropeAngles } from './text/rope-angles.js'
import { planAttention } from './text/plan-attention.js'
import { runTextLayers } from './text/text-model.js'
import type { ImageInput } from './vision/image-input.js'
import { runVision } from './vision/run-vision.js'
import type { ModelWeights } from './weights/model-weights.js'

/** New tokens of one sequence, and the images among them. */
export interface SequenceInput {
  readonly ids: ArrayLike<number> & Iterable<number>
  readonly positions: Pick<RopePositions, 'axes'>
  /** Images whose pads stand among `ids`, in their order. */
  readonly images: readonly ImageInput[]
  /** Tokens before these, whose keys and values `cache` holds. */
  readonly past: number
  /** Extended by those of the new tokens; absent: nothing is kept. */
  readonly cache?: SequenceCache
}

/** Hidden states after the last norm of all sequences' tokens, one below the other: [tokens, hiddenSize]. Call it within `tidy`. */
export function runModel({
  sequences,
  config,
  weights,
}: {
  sequences: readonly SequenceInput[]
  config: ModelConfig
  weights: ModelWeights
}): Tensor2D {
  const { text, vision, tokens } = config
  const ids = Int32Array.from(sequences.flatMap((sequence) => [...sequence.ids]))
  const embedding = weights.get('model.language_model.embed_tokens.weight') as Tensor2D
  const embedded: Tensor2D = gather(embedding, tensor1d(ids, 'int32'))
  const images = sequences.flatMap((sequence) => sequence.images)
  const isPad = Array.from(ids, (id) => id === tokens.imagePad)
  const seen = images.length === 0 ? null : runVision({ images, config: vision, weights })
  const hidden = seen === null ? embedded : insert({ into: embedded, isPad, visual: seen.tokens })
  const deepStack = (seen?.deepStack ?? []).map((visual) =>
    insert({ into: zeros([ids.length, text.hiddenSize]), isPad, visual }),
  )
  const frequencies = text.headSize / 2
  const angles = new Float32Array(ids.length * frequencies)
  let row = 0
  for (const { positions } of sequences) {
    angles.set(ropeAngles({ positions, config: text }), row * frequencies)
    row += positions.axes[0].length
  }
  return runTextLayers({
    hidden,
    context: {
      config: text,
      weights,
      rotary: rotaryTables({ angles, frequencies }),
      attention: planAttention(
        sequences.map(({ positions, past, cache }) => ({
          length: positions.axes[0].length,
          past,
          cache: cache ?? null,
        })),
      ),
      deepStack,
    },
  })
}

/** Scores of the next token for hidden states [rows, hiddenSize]: [rows, vocabularySize]. */
export function logitsOf({
  hidden,
  config,
  weights,
}: {
  hidden: Tensor2D
  config: ModelConfig
  weights: ModelWeights
}): Tensor2D {
  return config.tiesEmbeddings
    ? matMul(hidden, weights.get('model.language_model.embed_tokens.weight') as Tensor2D, false, true)
    : matMul(hidden, weights.get('lm_head.weight') as Tensor2D)
}

/** Rows of `into` where no image pad is, else the visual tokens in their order. */
function insert({
  into,
  isPad,
  visual,
}: {
  into: Tensor2D
  isPad: readonly boolean[]
  visual: Tensor2D
}): Tensor2D {
  let next = isPad.length
  const source = isPad.map((pad, row) => (pad ? next++ : row))
  return gather(concat([into, visual], 0), tensor1d(source, 'int32'))
}
