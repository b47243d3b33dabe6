import { LedgerError } from '../../core/errors.js'
import type { TrainingRollout } from '../../core/trainable-policy.js'
import { processImage } from '../../models/processor/process-image.js'
import type { ProcessorConfig } from '../../models/processor/processor-config.js'
import type { TrainingSegment } from '../../models/train/training-segment.js'

/**
 * A rollout as one sequence to learn from: its tokens as they were, its images cut anew from the files that the model saw.
 * @throws LedgerError when an image is missing, or is cut into another grid than the ledger says.
 */
export async function toTrainingSegment({
  rollout: { ledger, images },
  config,
}: {
  rollout: TrainingRollout
  config: ProcessorConfig
}): Promise<TrainingSegment> {
  const seen = ledger.segments.flatMap((segment) => segment.images)
  const cut = seen.map(async ({ sha256, grid }) => {
    const read = images.get(sha256)
    if (read === undefined) throw new LedgerError(`expected the image ${sha256} of the ledger, got none`)
    const image = await processImage({ bytes: await read(), config })
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
