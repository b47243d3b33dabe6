import { LedgerError } from '../../core/errors.js'
import type { TrainingRollout } from '../../core/trainable-policy.js'
import { processImage, type ProcessedImage } from '../../models/processor/process-image.js'
import type { ProcessorConfig } from '../../models/processor/processor-config.js'
import type { TrainingSegment } from '../../models/train/training-segment.js'

export type ProcessImage = (file: { sha256: string; read: () => Promise<Buffer> }) => Promise<ProcessedImage>

/**
 * A rollout as one sequence to learn from: its tokens as they were, its images cut anew from the files that the model saw.
 * @throws LedgerError when an image is missing, or is cut into another grid than the ledger says.
 */
export async function toTrainingSegment({
  rollout: { ledger, images },
  config,
  process = async ({ read }) => processImage({ bytes: await read(), config }),
}: {
  rollout: TrainingRollout
  config: ProcessorConfig
  /** Decodes and cuts an image. */
  process?: ProcessImage
}): Promise<TrainingSegment<ProcessedImage>> {
  const seen = ledger.segments.flatMap((segment) => segment.images)
  const cut = seen.map(async ({ sha256, grid }) => {
    const read = images.get(sha256)
    if (read === undefined) throw new LedgerError(`expected the image ${sha256} of the ledger, got none`)
    const image = await process({ sha256, read })
    const [height, width] = [image.grid.height / config.mergeSize, image.grid.width / config.mergeSize]
    if (height !== grid.height || width !== grid.width)
      throw new LedgerError(
        `image ${sha256}: expected ${grid.height} × ${grid.width} visual tokens by the ledger, got ${height} × ${width}`,
      )
    return image
  })
  return {
    ids: Int32Array.from(ledger.segments.flatMap(({ ids }) => ids)),
    mask: Uint8Array.from(ledger.segments.flatMap(({ mask }) => mask)),
    images: await Promise.all(cut),
  }
}
