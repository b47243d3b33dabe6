import { tensor3d, type Tensor3D } from '@tensorflow/tfjs-core'
import type { TextConfig } from '../config/model-config.js'
import type { SequenceCache } from '../text/sequence-cache.js'
import type { DecoderMemory } from './decoder-memory.js'
import { PAGE_TOKENS, PANEL, type DecoderSizes } from './decoder-sizes.js'
import type { PagePool } from './page-pool.js'

const FLOAT = 4

/** Keys and values of a conversation in a decoder's memory, page by page. */
export interface DecoderCache extends SequenceCache {
  readonly pool: PagePool
  /** Addresses. */
  readonly pages: readonly number[]
  /** Have pages for so many tokens, which are computed now. */
  reserve(tokens: number): void
  /** Another empty cache gets what this one holds: full pages are shared, for they never change, and the last one is copied. */
  copyTo(other: DecoderCache): void
  /** Take pages over that hold so many tokens. */
  adopt(given: { pages: readonly number[]; tokens: number }): void
}

export function createDecoderCache({
  memory,
  pool,
  sizes,
  config: { layers, keyValueHeads, headSize },
}: {
  memory: DecoderMemory
  pool: PagePool
  sizes: DecoderSizes
  config: TextConfig
}): DecoderCache {
  const pages: number[] = []
  const lengths = new Array<number>(layers).fill(0)
  const [half, paddedHalf] = [headSize / 2, sizes.headSize / 2]
  const padded = Array.from({ length: headSize }, (_, at) => (at < half ? at : at - half + paddedHalf))

  function reserve(tokens: number): void {
    while (pages.length * PAGE_TOKENS < tokens) pages.push(pool.take())
  }

  /** Where each number of a head's keys (values: `valuesAt`) lies in a page, as an index of floats: assembly/attention.ts has the same. */
  function keysAt({ layer, head, token }: { layer: number; head: number; token: number }): number {
    const page = (pages[Math.floor(token / PAGE_TOKENS)] ?? 0) / FLOAT
    return page + (layer * keyValueHeads + head) * 2 * sizes.headSize * PAGE_TOKENS
  }

  /** Hand each token's numbers to `copy`: their indexes in a tensor [tokens, keyValueHeads, headSize] and in memory. */
  function each(
    { layer, from, to }: { layer: number; from: number; to: number },
    copy: (place: { flat: number; key: number; value: number }) => void,
  ): void {
    for (let token = from; token < to; token++)
      for (let head = 0; head < keyValueHeads; head++) {
        const keys = keysAt({ layer, head, token })
        const slot = token % PAGE_TOKENS
        const key = keys + (slot - (slot % PANEL)) * sizes.headSize + (slot % PANEL)
        const value = keys + sizes.headSize * PAGE_TOKENS + slot * PANEL
        const flat = ((token - from) * keyValueHeads + head) * headSize
        for (let number = 0; number < headSize; number++) {
          const place = padded[number] ?? 0
          const within = place % PANEL
          copy({
            flat: flat + number,
            key: key + place * PANEL,
            value: value + (place - within) * PAGE_TOKENS + within,
          })
        }
      }
  }

  function all({ layer, tokens }: { layer: number; tokens: number }): { keys: Tensor3D; values: Tensor3D } {
    const keys = new Float32Array(tokens * keyValueHeads * headSize)
    const values = new Float32Array(keys.length)
    const { floats } = memory
    each({ layer, from: 0, to: tokens }, ({ flat, key, value }) => {
      keys[flat] = floats[key] ?? 0
      values[flat] = floats[value] ?? 0
    })
    const shape: [number, number, number] = [tokens, keyValueHeads, headSize]
    return { keys: tensor3d(keys, shape), values: tensor3d(values, shape) }
  }

  return {
    pool,
    pages,
    reserve(tokens) {
      reserve(tokens)
      lengths.fill(tokens)
    },
    copyTo(other) {
      const tokens = lengths[0] ?? 0
      const full = Math.floor(tokens / PAGE_TOKENS)
      const last = tokens % PAGE_TOKENS === 0 ? [] : [pool.copy(pages[full] ?? 0)]
      const shared = pages.slice(0, full)
      for (const page of shared) pool.share(page)
      other.adopt({ pages: [...shared, ...last], tokens })
    },
    adopt({ pages: given, tokens }) {
      if (pages.length > 0) throw new RangeError(`expected an empty cache, got one of ${pages.length} pages`)
      pages.push(...given)
      lengths.fill(tokens)
    },
    extend({ layer, keys, values }) {
      const from = lengths[layer] ?? 0
      const to = from + keys.shape[0]
      reserve(to)
      const [newKeys, newValues] = [keys.dataSync(), values.dataSync()]
      const { floats } = memory
      each({ layer, from, to }, ({ flat, key, value }) => {
        floats[key] = newKeys[flat] ?? 0
        floats[value] = newValues[flat] ?? 0
      })
      lengths[layer] = to
      return from === 0 ? { keys, values } : all({ layer, tokens: to })
    },
    dispose() {
      for (const page of pages) pool.give(page)
      pages.length = 0
      lengths.fill(0)
    },
  }
}
