import { findDecoder } from '../decode/find-decoder.js'
import type { VisionLanguageModel } from '../open-model.js'
import { ropePositions } from '../positions/rope-positions.js'
import type { SequenceInput } from '../run-model.js'
import { createSequenceCache, type SequenceCache } from '../text/sequence-cache.js'
import type { ImageInput } from '../vision/image-input.js'
import type { Beginning } from './is-same-beginning.js'

/** A conversation whose earlier tokens need not be computed again. */
export interface Conversation<Image extends ImageInput = ImageInput> {
  /** Every token so far, image pads repeated; of these, the last may still be to be computed. */
  readonly ids: readonly number[]
  /** How many of them are still to be computed. */
  readonly pending: number
  /** Those, and their images. */
  readonly waiting: Beginning
  /** Add tokens, in which every visual token of `images` has its pad. */
  add(tokens: { ids: ArrayLike<number>; images?: readonly Image[] }): void
  /** What was added and not computed yet; counts as computed from now on. Null: nothing. */
  take(): (SequenceInput & { readonly images: readonly Image[] }) | null
  /** Let go of what was computed, with weights that are others now: all tokens are to be computed again. `images` are those of the whole conversation. */
  restart(images: readonly Image[]): void
  dispose(): void
}

/** Keys and values lie in the model's decoder where there is one, else in tensors. Without weights, another engine computes what is taken. */
export function createConversation<Image extends ImageInput = ImageInput>({
  config,
  weights,
}: Pick<VisionLanguageModel, 'config'> & Partial<Pick<VisionLanguageModel, 'weights'>>): Conversation<Image> {
  const emptyCache = (): SequenceCache =>
    (weights === undefined ? null : findDecoder({ config, weights })?.createCache()) ?? createSequenceCache()
  let cache = emptyCache()
  const ids: number[] = []
  const waiting: { ids: number[]; images: Image[] } = { ids: [], images: [] }
  let past = 0
  let next = 0
  return {
    ids,
    get pending() {
      return waiting.ids.length
    },
    get waiting() {
      return { past, ...waiting }
    },
    add({ ids: added, images = [] }) {
      for (const id of Array.from(added)) {
        ids.push(id)
        waiting.ids.push(id)
      }
      waiting.images.push(...images)
    },
    take() {
      if (waiting.ids.length === 0) return null
      const { mergeSize } = config.vision
      const positions = ropePositions({
        ids: waiting.ids,
        imagePad: config.tokens.imagePad,
        grids: waiting.images.map(({ grid }) => ({
          height: grid.height / mergeSize,
          width: grid.width / mergeSize,
        })),
        first: next,
      })
      const input = { ids: waiting.ids, positions, images: waiting.images, past, cache }
      past += waiting.ids.length
      next = positions.next
      waiting.ids = []
      waiting.images = []
      return input
    },
    restart(images) {
      cache.dispose()
      cache = emptyCache()
      waiting.ids = [...ids]
      waiting.images = [...images]
      past = 0
      next = 0
    },
    dispose: () => {
      cache.dispose()
    },
  }
}
