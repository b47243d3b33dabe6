import { DataError, UsageError } from '../../core/errors.js'
import type { Message } from '../../core/message.js'
import type { ToolDescription } from '../../core/policy.js'
import { createTokenLedger, type LedgerImage } from '../../core/token-ledger.js'
import type { TrainingRollout } from '../../core/trainable-policy.js'
import type { ModelFiles } from '../../models/model-files.js'
import { breakTokens } from './break-tokens.js'
import { conversationImages } from './conversation-image.js'
import { createConversationWriter } from './conversation-writer.js'
import { readPieces, type PieceTokens } from './read-pieces.js'
import { specialTexts } from './special-texts.js'

export type EncodeConversation = (conversation: {
  readonly messages: readonly Message[]
  readonly tools: readonly ToolDescription[]
}) => TrainingRollout

/**
 * Make rollouts of conversations that someone else wrote: what the assistant wrote and the token that ends its turn count as sampled, with log-probability 0. The rollout ends with the last turn: it
 * is, token by token, that of a policy which had sampled those turns.
 *
 * The function throws DataError for a conversation without a turn, with calls that stand outside of the text, or longer than the model reads; UsageError where the template cannot write it.
 */
export function createConversationEncoder({
  model,
  stopIds,
  contextTokens,
}: {
  model: ModelFiles
  /** Tokens that end a turn. */
  stopIds: ReadonlySet<number>
  /** Longest conversation. */
  contextTokens: number
}): EncodeConversation {
  const { tokenizer, config, processor, directory, template } = model
  const { imagePad } = config.tokens
  const specialTokens = specialTexts(model)
  const writer = createConversationWriter({ template, specialTokens, where: directory })
  return ({ messages, tools }) => {
    checkTurns(messages)
    const images = conversationImages({ messages, config: processor })
    const { pieces, turns } = writer.write({ messages, tools })
    const written = readPieces({ pieces, images, tokenizer, imagePad, where: directory })
    const ledger = createTokenLedger({ imagePad })
    let context = written[0] ?? { ids: [], images: [] }
    for (const [at, text] of turns.entries()) {
      const { end, rest } = endOfTurn({ piece: written[at + 1], stopIds, directory })
      const own = tokenizer.encode(breakTokens({ text, tokens: specialTokens }))
      ledger.addContext({ ids: context.ids, images: context.images.map(recordOf) })
      const ids = [...own, end]
      ledger.addTurn({ prompt: ledger.ids, ids, logprobs: ids.map(() => 0) })
      context = rest
    }
    if (ledger.ids.length > contextTokens)
      throw new DataError(
        `expected a conversation of at most ${contextTokens} tokens, which is what the model reads, got one of ${ledger.ids.length}`,
      )
    const files = messages.flatMap(({ content }) =>
      content.flatMap((part) => (part.type === 'image' ? [part.image] : [])),
    )
    return { ledger, images: new Map(files.map(({ sha256, read }) => [sha256, read])) }
  }
}

/** @throws DataError for a conversation without a turn to learn, or with calls that stand outside of the text. */
export function checkTurns(messages: readonly Message[]): void {
  if (!messages.some(({ role }) => role === 'assistant'))
    throw new DataError(
      `expected a conversation with a turn of the assistant, got ${messages.map(({ role }) => role).join(', ') || 'none'}`,
    )
  const native = messages.find(({ toolCalls = [] }) => toolCalls.length > 0)
  if (native !== undefined)
    throw new DataError(
      `expected calls in the text of the assistant, got a call of ${native.toolCalls?.[0]?.name ?? ''} outside of it; write it as <tool_call>…</tool_call>`,
    )
}

/** The token by which the template ends a turn, and what follows it. */
function endOfTurn({
  piece,
  stopIds,
  directory,
}: {
  piece: PieceTokens | undefined
  stopIds: ReadonlySet<number>
  directory: string
}): { end: number; rest: PieceTokens } {
  const end = piece?.ids[0]
  if (piece === undefined || end === undefined || !stopIds.has(end))
    throw new UsageError(
      `${directory}: expected a chat template that ends each turn by a token that ends generation (${[...stopIds].join(', ')}), got ${end ?? 'nothing'}; eos_token_id in generation_config.json names those tokens`,
    )
  return { end, rest: { ids: piece.ids.slice(1), images: piece.images } }
}

function recordOf({ sha256, grid }: LedgerImage): LedgerImage {
  return { sha256, grid }
}
