import type { EncodedImage } from '../../core/image.js'
import type { Message } from '../../core/message.js'
import type { LedgerImage } from '../../core/token-ledger.js'
import type { ProcessorConfig } from '../../models/processor/processor-config.js'
import { processImage, type ProcessedImage } from '../../models/processor/process-image.js'
import { smartResize } from '../../models/processor/smart-resize.js'

/** An image of a conversation: how many tokens it becomes is known before it is decoded. */
export interface ConversationImage extends LedgerImage {
  /** Decode and cut it into patches. */
  process(): Promise<ProcessedImage>
}

/** All images of a conversation, in order. @throws UsageError for one that is far too long or wide. */
export function conversationImages({
  messages,
  config,
}: {
  messages: readonly Message[]
  config: ProcessorConfig
}): ConversationImage[] {
  return messages.flatMap(({ content }) =>
    content.flatMap((part) =>
      part.type === 'image' ? [conversationImage({ image: part.image, config })] : [],
    ),
  )
}

function conversationImage({
  image,
  config,
}: {
  image: EncodedImage
  config: ProcessorConfig
}): ConversationImage {
  const { width, height, sha256 } = image
  const { patchSize, mergeSize, minPixels, maxPixels } = config
  const factor = patchSize * mergeSize
  const to = smartResize({ width, height, factor, minPixels, maxPixels })
  return {
    sha256,
    grid: { height: to.height / factor, width: to.width / factor },
    process: async () => processImage({ bytes: await image.read(), config }),
  }
}
