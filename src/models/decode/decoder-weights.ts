import { tidy, type Tensor } from '@tensorflow/tfjs-core'
import type { ModelConfig } from '../config/model-config.js'
import { mergedWeights } from '../lora/merged-weights.js'
import { adapterNames } from '../lora/with-adapters.js'
import type { ModelWeights } from '../weights/model-weights.js'
import type { DecoderMemory } from './decoder-memory.js'
import type { DecoderSizes } from './decoder-sizes.js'
import { packMatrix, packVector, placesInOrder, placesOfHeads, type Places } from './pack-matrix.js'

const FLOAT = 4
const WEIGHT = '.weight'
const POINTER = 4
/** Fields of a layer in assembly/layout.ts. */
const LAYER_FIELDS = 10

/** Packed parameters in a decoder's memory. */
export interface DecoderWeights {
  /** Address of the description that `step` takes. */
  readonly model: number
  /** Pack the parameters as they are now, adapters added to their layers, unless they are those that were packed last. */
  refresh(): void
}

/** A parameter, or several side by side, and where it goes. */
interface Packing {
  readonly name: string
  readonly at: number
  readonly length: number
  pack(given: { source: ArrayLike<number>; to: Float32Array }): void
}

/** Room for a model's parameters; nothing is packed yet. @throws ModelError where there is no room. */
export function createDecoderWeights({
  config,
  weights,
  sizes,
  memory,
}: {
  config: ModelConfig
  weights: ModelWeights
  sizes: DecoderSizes
  memory: DecoderMemory
}): DecoderWeights {
  const { text, tiesEmbeddings } = config
  const packings: Packing[] = []
  const hidden = placesInOrder({ size: text.hiddenSize, padded: sizes.hidden })
  const intermediate = placesInOrder({ size: text.intermediateSize, padded: sizes.intermediate })
  const vocabulary = placesInOrder({ size: text.vocabularySize, padded: sizes.vocabulary })
  const heads = (count: number): Places =>
    placesOfHeads({ heads: count, size: text.headSize, padded: sizes.headSize })
  const [queries, shared, head] = [heads(text.heads), heads(text.keyValueHeads), heads(1)]

  const vector = ({ name, places, at }: { name: string; places: Places; at?: number }): number => {
    const place = at ?? memory.allocate(places.length * FLOAT)
    packings.push({
      name,
      at: place,
      length: places.length,
      pack: ({ source, to }) => {
        packVector({ source, places, to })
      },
    })
    return place
  }
  const matrix = ({
    name,
    rows,
    columns,
    at,
    isTransposed = false,
  }: {
    name: string
    rows: Places
    columns: Places
    at?: number
    isTransposed?: boolean
  }): number => {
    const length = rows.length * columns.length
    const place = at ?? memory.allocate(length * FLOAT)
    const width = columns.filter((one) => one >= 0).length
    const strides = isTransposed
      ? { rowStride: 1, columnStride: rows.filter((one) => one >= 0).length }
      : { rowStride: width, columnStride: 1 }
    packings.push({
      name,
      at: place,
      length,
      pack: ({ source, to }) => {
        packMatrix({ source, ...strides, rows, columns, to })
      },
    })
    return place
  }
  const find = (name: string, places: Places): number =>
    weights.find(name) === null ? 0 : vector({ name, places })

  function layer(prefix: string): number[] {
    const parts = [
      ['q_proj', queries],
      ['k_proj', shared],
      ['v_proj', shared],
    ] as const
    const width = queries.length + 2 * shared.length
    const projection = memory.allocate(hidden.length * width * FLOAT)
    const hasBias = weights.find(`${prefix}self_attn.q_proj.bias`) !== null
    const bias = hasBias ? memory.allocate(width * FLOAT) : 0
    let before = 0
    for (const [name, columns] of parts) {
      const own = `${prefix}self_attn.${name}`
      matrix({
        name: `${own}.weight`,
        rows: hidden,
        columns,
        at: projection + before * hidden.length * FLOAT,
      })
      if (hasBias) vector({ name: `${own}.bias`, places: columns, at: bias + before * FLOAT })
      before += columns.length
    }
    return [
      vector({ name: `${prefix}input_layernorm.weight`, places: hidden }),
      projection,
      bias,
      find(`${prefix}self_attn.q_norm.weight`, head),
      find(`${prefix}self_attn.k_norm.weight`, head),
      matrix({ name: `${prefix}self_attn.o_proj.weight`, rows: queries, columns: hidden }),
      vector({ name: `${prefix}post_attention_layernorm.weight`, places: hidden }),
      matrix({ name: `${prefix}mlp.gate_proj.weight`, rows: hidden, columns: intermediate }),
      matrix({ name: `${prefix}mlp.up_proj.weight`, rows: hidden, columns: intermediate }),
      matrix({ name: `${prefix}mlp.down_proj.weight`, rows: intermediate, columns: hidden }),
    ]
  }

  const language = 'model.language_model.'
  const layers = Array.from({ length: text.layers }, (_, at) => layer(`${language}layers.${at}.`))
  const layerTable = memory.allocate(text.layers * LAYER_FIELDS * POINTER)
  for (const [at, fields] of layers.entries())
    memory.integers.set(fields, layerTable / POINTER + at * LAYER_FIELDS)
  const embedding = `${language}embed_tokens.weight`
  const tables = tiesEmbeddings
    ? {
        embedding: 0,
        head: matrix({ name: embedding, rows: hidden, columns: vocabulary, isTransposed: true }),
      }
    : {
        embedding: rowsOf(embedding),
        head: matrix({ name: 'lm_head.weight', rows: hidden, columns: vocabulary }),
      }

  function rowsOf(name: string): number {
    const { hiddenSize, vocabularySize } = text
    const at = memory.allocate(vocabularySize * sizes.hidden * FLOAT)
    packings.push({
      name,
      at,
      length: vocabularySize * sizes.hidden,
      pack: ({ source, to }) => {
        const all = source as Float32Array
        for (let row = 0; row < vocabularySize; row++)
          to.set(all.subarray(row * hiddenSize, (row + 1) * hiddenSize), row * sizes.hidden)
      },
    })
    return at
  }

  const finalNorm = vector({ name: `${language}norm.weight`, places: hidden })
  const model = describe({ memory, config, sizes, tables, finalNorm, layerTable })
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

/** Write what `step` has to know of the model, field by field as assembly/layout.ts has them. */
function describe({
  memory,
  config: { text },
  sizes,
  tables,
  finalNorm,
  layerTable,
}: {
  memory: DecoderMemory
  config: ModelConfig
  sizes: DecoderSizes
  tables: { embedding: number; head: number }
  finalNorm: number
  layerTable: number
}): number {
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
  const places = [tables.embedding, finalNorm, tables.head, layerTable]
  const model = memory.allocate((counts.length + scales.length + places.length) * POINTER)
  const first = model / POINTER
  memory.integers.set(counts, first)
  memory.floats.set(scales, first + counts.length)
  memory.integers.set(places, first + counts.length + scales.length)
  return model
}
