import type { ModelConfig } from '../config/model-config.js'
import type { SequenceInput } from '../run-model.js'
import type { SequenceCache } from '../text/sequence-cache.js'
import type { ModelWeights } from '../weights/model-weights.js'
import { createDecoderCache, type DecoderCache } from './decoder-cache.js'
import { createDecoderMemory } from './decoder-memory.js'
import { openDecoderModule } from './decoder-module.js'
import { decoderSizes, MOST_ROWS } from './decoder-sizes.js'
import { createDecoderWeights } from './decoder-weights.js'
import { createPagePool } from './page-pool.js'
import { createRotaryRows } from './rotary-rows.js'
import { createWorkspace, type DecoderRow } from './workspace.js'

/** New tokens of a conversation, without images, whose keys and values a decoder holds. */
export type DecoderInput = Pick<SequenceInput, 'ids' | 'positions' | 'past'> & {
  readonly cache: DecoderCache
}

/** The text model's step for a few tokens of many conversations, in one call of WebAssembly instead of hundreds of tensor operations. Its memory is freed with it. */
export interface Decoder {
  /** Keys and values of a new conversation, in the decoder's memory. */
  createCache(): DecoderCache
  owns(cache: SequenceCache): cache is DecoderCache
  /** Scores of the token after each input's last, [vocabularySize] each. @throws ModelError when there is no memory left for their keys and values. */
  scores(inputs: readonly DecoderInput[]): Float32Array[]
  /** Give an empty cache what another holds; nothing happens where either is not the decoder's. @throws ModelError when there is no memory left. */
  copy(caches: { from: SequenceCache; to: SequenceCache }): void
  /** Bytes that its weights, keys and values hold. */
  readonly bytes: number
}

/** The weights are packed when scores are asked for first, and again whenever they have changed. @throws ModelError when they do not fit. */
export function createDecoder({ config, weights }: { config: ModelConfig; weights: ModelWeights }): Decoder {
  const sizes = decoderSizes(config)
  const memory = createDecoderMemory()
  const code = openDecoderModule(memory.memory)
  const packed = createDecoderWeights({ config, weights, sizes, memory })
  const workspace = createWorkspace({ memory, sizes, config: config.text })
  const pool = createPagePool({ memory, pageBytes: sizes.pageBytes })
  const rotaryRow = createRotaryRows({ config: config.text, paddedSize: sizes.headSize })
  const owns = (cache: SequenceCache): cache is DecoderCache => 'pool' in cache && cache.pool === pool

  return {
    get bytes() {
      return memory.used
    },
    copy({ from, to }) {
      if (owns(from) && owns(to)) from.copyTo(to)
    },
    createCache: () => createDecoderCache({ memory, pool, sizes, config: config.text }),
    owns,
    scores(inputs) {
      packed.refresh()
      if (inputs.length === 0) return []
      checkTokens({ inputs, vocabularySize: config.text.vocabularySize })
      const rows = inputs.flatMap(rowsOf)
      const results: Float32Array[] = []
      for (let first = 0; first < rows.length; first += MOST_ROWS) {
        const some = rows.slice(first, first + MOST_ROWS)
        workspace.put({ rows: some, rotaryRow })
        code.step(packed.model, workspace.at)
        results.push(...workspace.scores())
      }
      return results
    },
  }
}

/** The code looks tokens up without a check. */
function checkTokens({
  inputs,
  vocabularySize,
}: {
  inputs: readonly DecoderInput[]
  vocabularySize: number
}): void {
  const strange = inputs.flatMap(({ ids }) => [...ids]).find((id) => !(id >= 0 && id < vocabularySize))
  if (strange !== undefined)
    throw new RangeError(`expected tokens from 0 to ${vocabularySize - 1}, got ${strange}`)
}

function rowsOf({ ids, positions, past, cache }: DecoderInput): DecoderRow[] {
  const count = ids.length
  cache.reserve(past + count)
  const [axis] = positions.axes
  return Array.from(ids, (token, at) => ({
    token,
    position: axis[at] ?? 0,
    past: past + at,
    pages: cache.pages,
    isScored: at === count - 1,
  }))
}
