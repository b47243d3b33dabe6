import { processImage, type ProcessedImage } from '../../models/processor/process-image.js'
import type { ProcessorConfig } from '../../models/processor/processor-config.js'
import type { ProcessImage } from './to-training-segment.js'

interface KeptImage {
  readonly image: Promise<ProcessedImage>
  /** That it holds; 0 as long as it is being made. */
  bytes: number
}

/**
 * Decode and cut images, each once as long as it is kept: those used last, up to `bytes`. The rollouts of a group show the same question, and each rollout is computed more than once a step.
 */
export function createProcessedImages({
  config,
  bytes,
  bytesOf = ({ patches, pixels }) => patches.byteLength + pixels.byteLength,
}: {
  config: ProcessorConfig
  bytes: number
  /** What an image holds; by default with its patches, which are made then. */
  bytesOf?: (image: ProcessedImage) => number
}): ProcessImage {
  const kept = new Map<string, KeptImage>()
  let held = 0
  const shrink = (): void => {
    for (const [sha256, image] of kept) {
      if (held <= bytes) break
      if (image.bytes === 0) continue
      kept.delete(sha256)
      held -= image.bytes
    }
  }
  return async ({ sha256, read }) => {
    const known = kept.get(sha256)
    if (known !== undefined) {
      kept.delete(sha256)
      kept.set(sha256, known)
      return known.image
    }
    const own: KeptImage = { image: read().then((file) => processImage({ bytes: file, config })), bytes: 0 }
    kept.set(sha256, own)
    try {
      own.bytes = bytesOf(await own.image)
      held += own.bytes
    } catch (error) {
      kept.delete(sha256)
      throw error
    }
    shrink()
    return own.image
  }
}
