import { UsageError } from '../../core/errors.js'
import type { Message } from '../../core/message.js'
import type { ToolDescription } from '../../core/policy.js'
import { createTokenLedger } from '../../core/token-ledger.js'
import type { TrainingRollout } from '../../core/trainable-policy.js'
import type { ModelFiles } from '../../models/model-files.js'
import { conversationImages } from './conversation-image.js'
import { createConversationWriter } from './conversation-writer.js'
import { readPieces, type PieceTokens } from './read-pieces.js'

export type ConversationEncoder = (conversation: {
  readonly messages: readonly Message[]
  readonly tools: readonly ToolDescription[]
}) => TrainingRollout

/**
 * Conversations that someone else wrote as tokens to train on: the assistant's turns, each with the token that ends it, count as sampled (with log-probability 0), all else as given. What follows the last
 * turn teaches nothing and is left out.
 * The encoder throws UsageError where the template cannot write the conversation, or it has no turn of the assistant.
 */
export function createConversationEncoder({
  model: { tokenizer, config, processor, directory, template },
  stopIds,
}: {
  model: ModelFiles
  stopIds: ReadonlySet<number>
}): ConversationEncoder {
  const { imagePad } = config.tokens
  const writer = createConversationWriter({
    template,
    specialTokens: [...new Set([...tokenizer.specialTokens, tokenizer.decode([imagePad])])],
    where: directory,
  })
  return ({ messages, tools }) => {
    const images = conversationImages({ messages, config: processor })
    const { pieces, turns } = writer.write({ messages, tools })
    if (turns.length === 0)
      throw new UsageError('expected a conversation with a turn of the assistant to learn from, got none')
    const written = readPieces({ pieces, images, tokenizer, imagePad, where: directory })
    const ledger = createTokenLedger({ imagePad })
    let before = written[0] ?? NOTHING
    for (const [at, text] of turns.entries()) {
      const after = written[at + 1] ?? NOTHING
      const end = after.ids.slice(0, 1).filter((id) => stopIds.has(id))
      const ids = [...tokenizer.encode(text), ...end]
      ledger.addContext({
        ids: before.ids,
        images: before.images.map(({ sha256, grid }) => ({ sha256, grid })),
      })
      ledger.addTurn({ prompt: [...ledger.ids], ids, logprobs: ids.map(() => 0) })
      before = { ids: after.ids.slice(end.length), images: after.images }
    }
    return { ledger, images: readersOf(messages) }
  }
}

const NOTHING: PieceTokens = { ids: [], images: [] }

function readersOf(messages: readonly Message[]): Map<string, () => Promise<Buffer>> {
  return new Map(
    messages.flatMap(({ content }) =>
      content.flatMap((part) =>
        part.type === 'image' ? [[part.image.sha256, () => part.image.read()] as const] : [],
      ),
    ),
  )
}
