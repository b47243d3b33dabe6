// Floating-point operations that a model must compute, from the shapes of its parameters; what checkpointing computes again is not among them.
import { parameterShapes } from '../../dist/models/weights/parameter-shapes.js'

/**
 * Of one training step over rollouts. A token costs 2 operations a weight forward, 2 for the gradient of what went in and, where the weights are trained, 2 for theirs: 6, or 4 under adapters (which are
 * counted themselves at 6). Attention is causal: 2 × layers × heads × head size × length² forward, twice that back. The vocabulary is scored for learned tokens alone; the vision tower is frozen.
 */
export function stepFlops({ config, sequences, train, rank = 16 }) {
  const parts = sizes(config)
  const adapters = train === 'lora' ? adapterParameters({ config, rank }) : 0
  const weight = train === 'lora' ? 4 : 6
  let [tokens, total] = [0, 0]
  for (const { length, learned, patches } of sequences) {
    tokens += length
    total += (weight * parts.layers + 6 * adapters) * length + 3 * attention(config, length)
    total += weight * parts.vocabulary * learned + 2 * parts.vision * patches
  }
  return { tokens, total }
}

/** Of scoring the same: forward alone. */
export function scoreFlops({ config, sequences }) {
  const parts = sizes(config)
  return sequences.reduce(
    (sum, { length, learned, patches }) =>
      sum +
      2 * parts.layers * length +
      attention(config, length) +
      2 * parts.vocabulary * learned +
      2 * parts.vision * patches,
    0,
  )
}

/** Bytes of weights that each step of writing must read, in bfloat16: the least time of a token for one conversation. */
export function textBytes(config) {
  const { layers, vocabulary } = sizes(config)
  return 2 * (layers + vocabulary)
}

function attention({ text: { layers, heads, headSize } }, length) {
  return 2 * layers * heads * headSize * length ** 2
}

function sizes(config) {
  const size = (matches) =>
    [...parameterShapes(config)]
      .filter(([name]) => matches(name))
      .reduce((sum, [, sides]) => sum + product(sides), 0)
  return {
    layers: size((name) => name.includes('language_model.layers.')),
    vision: size((name) => name.includes('.visual.')),
    vocabulary: config.text.hiddenSize * config.text.vocabularySize,
  }
}

/** Of every linear layer of the text model, as the engine adapts them. */
function adapterParameters({ config, rank }) {
  return [...parameterShapes(config)]
    .filter(([name, sides]) => /language_model\.layers\..*_proj\.weight$/.test(name) && sides.length === 2)
    .reduce((sum, [, [out, given]]) => sum + rank * (out + given), 0)
}

function product(sides) {
  return sides.reduce((all, side) => all * side, 1)
}
