import { UsageError } from '../../core/errors.js'
import type { Tokenizer } from '../../models/tokenizer/load-tokenizer.js'
import { expandImagePads } from '../../models/generate/expand-image-pads.js'
import type { ConversationImage } from './conversation-image.js'

/** Tokens between two turns, image pads repeated, and the images among them. */
export interface PieceTokens {
  readonly ids: readonly number[]
  readonly images: readonly ConversationImage[]
}

/** Tokenise what stands around the turns, and deal out the conversation's images in order. @throws UsageError when the template writes more or fewer images than there are. */
export function readPieces({
  pieces,
  images,
  tokenizer,
  imagePad,
  where,
}: {
  pieces: readonly string[]
  images: readonly ConversationImage[]
  tokenizer: Pick<Tokenizer, 'encode'>
  imagePad: number
  /** Names the template in errors. */
  where: string
}): PieceTokens[] {
  const encoded = pieces.map((piece) => tokenizer.encode(piece))
  const pads = encoded.map((ids) => ids.filter((id) => id === imagePad).length)
  const total = pads.reduce((sum, count) => sum + count, 0)
  if (total !== images.length)
    throw new UsageError(
      `${where}: expected a chat template that writes each of the conversation's ${images.length} images, got ${total} image pads`,
    )
  let next = 0
  return encoded.map((ids, at) => {
    const own = images.slice(next, (next += pads[at] ?? 0))
    const counts = own.map(({ grid }) => grid.height * grid.width)
    return { ids: Array.from(expandImagePads({ ids, imagePad, counts })), images: own }
  })
}
