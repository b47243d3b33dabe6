import { tidy, type Tensor } from '@tensorflow/tfjs-core'
import type { ModelConfig } from '../config/model-config.js'
import { mergedWeights } from '../lora/merged-weights.js'
import { adapterNames } from '../lora/with-adapters.js'
import type { ModelWeights } from '../weights/model-weights.js'
import type { DecoderMemory } from './decoder-memory.js'
import type { DecoderSizes } from './decoder-sizes.js'
import { placesInOrder, placesOfHeads, type Places } from './pack-matrix.js'
import { createPackingList, type PackingList } from './packing-list.js'

const FLOAT = 4
const POINTER = 4
const WEIGHT = '.weight'
const LANGUAGE = 'model.language_model.'

/** Packed parameters in a decoder's memory. */
export interface DecoderWeights {
  /** Address of the description that `step` takes. */
  readonly model: number
  /** Pack the parameters as they are now, adapters added to their layers, unless they are those that were packed last. */
  refresh(): void
}

interface Given {
  config: ModelConfig
  weights: ModelWeights
  sizes: DecoderSizes
  memory: DecoderMemory
}

/** Room for a model's parameters; nothing is packed yet. @throws ModelError where there is no room. */
export function createDecoderWeights({ config, weights, sizes, memory }: Given): DecoderWeights {
  const list = createPackingList(memory)
  const model = placeModel({ config, weights, sizes, memory, list })
  const { packings } = list
  const watched = packings.flatMap(({ name }) => [name, ...adaptersOf(name)])
  const held = (): Tensor[] => watched.flatMap((name) => weights.find(name) ?? [])
  const merged = mergedWeights(weights)
  let packed: readonly object[] = []
  return {
    model,
    refresh() {
      const now = held()
      // A parameter that changes gets other data.
      if (now.length === packed.length && now.every(({ dataId }, at) => dataId === packed[at])) return
      const { floats } = memory
      for (const { name, at, length, pack } of packings)
        tidy(() => {
          const source = merged.get(name).dataSync() as Float32Array
          pack({ source, to: floats.subarray(at / FLOAT, at / FLOAT + length) })
        })
      packed = now.map(({ dataId }) => dataId)
    },
  }
}

/** Adapters that a parameter may have. */
function adaptersOf(name: string): string[] {
  return name.endsWith(WEIGHT) ? adapterNames(name.slice(0, -WEIGHT.length)) : []
}

/** Find a place for every parameter, and describe the model: `Model` and `Layer` of assembly/layout.ts, field by field. Gives the description's address. */
function placeModel(given: Given & { list: PackingList }): number {
  const { config, sizes, memory, list } = given
  const { text, tiesEmbeddings } = config
  const hidden = placesInOrder({ size: text.hiddenSize, padded: sizes.hidden })
  const vocabulary = placesInOrder({ size: text.vocabularySize, padded: sizes.vocabulary })
  const layers = Array.from({ length: text.layers }, (_, at) =>
    placeLayer({ ...given, hidden, prefix: `${LANGUAGE}layers.${at}.` }),
  )
  const fields = layers.flat()
  const layerTable = memory.allocate(fields.length * POINTER)
  memory.integers.set(fields, layerTable / POINTER)
  const embedding = `${LANGUAGE}embed_tokens.weight`
  const counts = [
    sizes.hidden,
    text.hiddenSize,
    text.layers,
    text.heads,
    text.keyValueHeads,
    sizes.headSize,
    text.headSize,
    sizes.intermediate,
    sizes.vocabulary,
  ]
  const scales = [text.normEpsilon, 1 / Math.sqrt(text.headSize)]
  const places = [
    tiesEmbeddings ? 0 : list.table({ name: embedding, rows: text.vocabularySize, columns: hidden }),
    list.vector({ name: `${LANGUAGE}norm.weight`, places: hidden }),
    tiesEmbeddings
      ? list.matrix({ name: embedding, rows: hidden, columns: vocabulary, isTransposed: true })
      : list.matrix({ name: 'lm_head.weight', rows: hidden, columns: vocabulary }),
    layerTable,
  ]
  const model = memory.allocate((counts.length + scales.length + places.length) * POINTER)
  const first = model / POINTER
  memory.integers.set(counts, first)
  memory.floats.set(scales, first + counts.length)
  memory.integers.set(places, first + counts.length + scales.length)
  return model
}

/** Addresses of a layer's parameters; 0 where the family has none. */
function placeLayer({
  config: { text },
  weights,
  sizes,
  memory,
  list,
  hidden,
  prefix,
}: Given & { list: PackingList; hidden: Places; prefix: string }): number[] {
  const heads = (count: number): Places =>
    placesOfHeads({ heads: count, size: text.headSize, padded: sizes.headSize })
  const [queries, shared, head] = [heads(text.heads), heads(text.keyValueHeads), heads(1)]
  const intermediate = placesInOrder({ size: text.intermediateSize, padded: sizes.intermediate })
  const isThere = (name: string): boolean => weights.find(prefix + name) !== null
  const vector = (name: string, places: Places): number =>
    isThere(name) ? list.vector({ name: prefix + name, places }) : 0
  const matrix = (name: string, rows: Places, columns: Places): number =>
    list.matrix({ name: prefix + name, rows, columns })

  // Queries, keys and values lie side by side, as one matrix and one vector.
  const parts = { q_proj: queries, k_proj: shared, v_proj: shared }
  const width = queries.length + 2 * shared.length
  const projection = memory.allocate(hidden.length * width * FLOAT)
  const bias = isThere('self_attn.q_proj.bias') ? memory.allocate(width * FLOAT) : 0
  let before = 0
  for (const [part, columns] of Object.entries(parts)) {
    const name = `${prefix}self_attn.${part}`
    const at = projection + before * hidden.length * FLOAT
    list.matrix({ name: `${name}.weight`, rows: hidden, columns, at })
    if (bias > 0) list.vector({ name: `${name}.bias`, places: columns, at: bias + before * FLOAT })
    before += columns.length
  }
  return [
    vector('input_layernorm.weight', hidden),
    projection,
    bias,
    vector('self_attn.q_norm.weight', head),
    vector('self_attn.k_norm.weight', head),
    matrix('self_attn.o_proj.weight', queries, hidden),
    vector('post_attention_layernorm.weight', hidden),
    matrix('mlp.gate_proj.weight', hidden, intermediate),
    matrix('mlp.up_proj.weight', hidden, intermediate),
    matrix('mlp.down_proj.weight', intermediate, hidden),
  ]
}
