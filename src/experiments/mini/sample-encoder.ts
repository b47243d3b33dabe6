import { UsageError } from '../../core/errors.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'
import { expandImagePads } from '../../models/generate/expand-image-pads.js'
import type { VisionLanguageModel } from '../../models/open-model.js'
import { bicubicResize } from '../../models/processor/bicubic-resize.js'
import { pixelPatches, type CutImage } from '../../models/processor/pixel-patches.js'
import type { ProcessorConfig } from '../../models/processor/processor-config.js'
import { smartResize } from '../../models/processor/smart-resize.js'
import type { TrainingSegment } from '../../models/train/training-segment.js'
import { createConversationWriter } from '../../policies/tokens/conversation-writer.js'
import type { MiniSample, MiniTaskName, TurnKind } from './mini-sample.js'

/** A sample as tokens. */
export interface EncodedSample {
  readonly task: MiniTaskName
  /** Learned: what the assistant writes, with the token that ends its turn; not of turns that are not to be learned. */
  readonly segment: TrainingSegment<CutImage>
  /** Where each turn of the assistant stands among the tokens, its end token included. */
  readonly turns: readonly { readonly kind: TurnKind; readonly start: number; readonly end: number }[]
}

export interface SampleEncoder {
  encode(sample: MiniSample): EncodedSample
}

const TURN_END = '<|im_end|>'

/** Write samples by a checkpoint's template and tokenizer, as the policy does in a rollout, with views cut into patches without an image file in between. */
export function createSampleEncoder({
  model: { tokenizer, template, config, processor, directory },
}: {
  model: Pick<VisionLanguageModel, 'tokenizer' | 'template' | 'config' | 'processor' | 'directory'>
}): SampleEncoder {
  const { imagePad } = config.tokens
  const writer = createConversationWriter({
    template,
    specialTokens: tokenizer.specialTokens,
    where: directory,
  })
  const end = tokenizer.idOf(TURN_END)
  if (end === undefined) throw new UsageError(`${directory}: expected the token ${TURN_END}, got none`)
  return {
    encode(sample) {
      const pixels = sample.messages.flatMap(({ content }) =>
        content.flatMap((part) => (part.type === 'image' ? [part.image] : [])),
      )
      const images = pixels.map((image) => cutImage({ image, processor }))
      const { pieces, turns } = writer.write({ messages: sample.messages, tools: [] })
      const ids: number[] = []
      const mask: number[] = []
      const places: { kind: TurnKind; start: number; end: number }[] = []
      let image = 0
      const add = (added: ArrayLike<number>, learned: 0 | 1): void => {
        for (const id of Array.from(added)) {
          ids.push(id)
          mask.push(learned)
        }
      }
      for (const [at, piece] of pieces.entries()) {
        const encoded = tokenizer.encode(piece)
        const before = sample.turns[at - 1]
        const last = places.at(-1)
        // The template ends the turn; that token is the assistant's.
        if (before !== undefined && last !== undefined && encoded[0] === end) {
          add([end], before.isLearned ? 1 : 0)
          last.end = ids.length
          encoded.shift()
        }
        const isLast = at === pieces.length - 1
        if (isLast) break
        const pads = encoded.filter((id) => id === imagePad).length
        const counts = images
          .slice(image, (image += pads))
          .map((one) => visualTokens({ image: one, processor }))
        add(expandImagePads({ ids: encoded, imagePad, counts }), 0)
        const turn = sample.turns[at]
        const text = turns[at]
        if (turn === undefined || text === undefined) throw new RangeError(`expected a turn ${at}, got none`)
        const start = ids.length
        add(tokenizer.encode(text), turn.isLearned ? 1 : 0)
        places.push({ kind: turn.kind, start, end: ids.length })
      }
      if (image !== images.length)
        throw new RangeError(`expected ${images.length} images in the template's text, got ${image}`)
      const segment = { ids: Int32Array.from(ids), mask: Uint8Array.from(mask), images }
      return { task: sample.task, segment, turns: places }
    },
  }
}

/** An image's patches, as if it had been a file. */
function cutImage({ image, processor }: { image: PixelImage; processor: ProcessorConfig }): CutImage {
  const { patchSize, mergeSize, minPixels, maxPixels } = processor
  const { data: pixels, ...size } = image
  const to = smartResize({ ...size, factor: patchSize * mergeSize, minPixels, maxPixels })
  return pixelPatches({ pixels: bicubicResize({ pixels, ...size, to }), ...to, patchSize, mergeSize })
}

function visualTokens({ image, processor }: { image: CutImage; processor: ProcessorConfig }): number {
  return (image.grid.height * image.grid.width) / processor.mergeSize ** 2
}
