import { ModelError } from '../../core/errors.js'
import type { PolicyRequest } from '../../core/policy.js'
import { createTokenLedger, type LedgerImage } from '../../core/token-ledger.js'
import { createConversation, type Conversation } from '../../models/generate/conversation.js'
import type { ModelFiles } from '../../models/model-files.js'
import type { VisionLanguageModel } from '../../models/open-model.js'
import type { ProcessedImage } from '../../models/processor/process-image.js'
import { conversationImages, type ConversationImage } from './conversation-image.js'
import { createConversationWriter } from './conversation-writer.js'
import type { KeptConversation, KeptConversations } from './kept-conversations.js'
import { planPrompt, type KnownTurn } from './plan-prompt.js'
import { readPieces, type PieceTokens } from './read-pieces.js'
import { rolloutKey } from './rollout-key.js'
import { specialTexts } from './special-texts.js'

/** What happened between turns. */
export interface ConversationTally {
  /** Turns whose earlier tokens did not have to be computed again. */
  continued: number
  /** Turns whose keys and values had been let go of. */
  restored: number
  /** Turns of a conversation that was begun already and turned out to be another. */
  restarted: number
}

export interface PreparedPrompt {
  readonly rollout: KeptConversation
  /** That of the rollout, with the prompt waiting in it. */
  readonly conversation: Conversation<ProcessedImage>
  /** What the turn is given beyond the turns before it. */
  readonly added: PieceTokens
  /** Tokens that may follow the prompt, one at least. */
  readonly room: number
}

export interface PromptPreparer {
  readonly tally: Readonly<ConversationTally>
  /**
   * The rollout of a request, taken out of those that are kept, its prompt in ledger and conversation.
   * @throws ModelError with `isContextFull` when the prompt fills what the model reads, or what the request allows; turns that were taken are kept. UsageError when the template cannot write the
   *   conversation.
   */
  prepare(request: PolicyRequest): Promise<PreparedPrompt>
}

/** Make prompts of conversations: what goes on keeps what was computed, and what was sampled stands as it was sampled. */
export function createPromptPreparer({
  model,
  name,
  kept,
  stopIds,
  contextTokens,
}: {
  /** With weights where this process computes the conversations. */
  model: ModelFiles & Partial<Pick<VisionLanguageModel, 'weights'>>
  /** Of the model, in errors. */
  name: string
  kept: KeptConversations
  stopIds: ReadonlySet<number>
  /** Longest conversation. */
  contextTokens: number
}): PromptPreparer {
  const { tokenizer, config, processor, directory, template } = model
  const { imagePad } = config.tokens
  const writer = createConversationWriter({
    template,
    specialTokens: specialTexts(model),
    where: directory,
  })
  const tally = { continued: 0, restored: 0, restarted: 0 }
  const encode = (text: string): number[] => tokenizer.encode(text)

  async function goOn({
    rollout,
    added,
    images,
  }: {
    rollout: KeptConversation
    added: PieceTokens
    /** Of the whole conversation. */
    images: readonly ConversationImage[]
  }): Promise<Omit<PreparedPrompt, 'room'>> {
    const { ledger } = rollout
    if (rollout.conversation !== null) {
      tally.continued++
      await fill({ conversation: rollout.conversation, ids: added.ids, images: added.images })
    } else {
      tally.restored++
      rollout.conversation = createConversation<ProcessedImage>(model)
      await fill({ conversation: rollout.conversation, ids: [...ledger.ids, ...added.ids], images })
    }
    ledger.addContext({ ids: added.ids, images: added.images.map(recordOf) })
    return { rollout, conversation: rollout.conversation, added }
  }

  async function begin({
    turns,
    added,
  }: {
    turns: readonly KnownTurn[]
    added: PieceTokens
  }): Promise<Omit<PreparedPrompt, 'room'>> {
    const parts = partsOf({ turns, added })
    const ids = parts.flatMap((part) => part.ids)
    const images = parts.flatMap((part) => part.images)
    const ledger = createTokenLedger({ imagePad })
    ledger.addContext({ ids, images: images.map(recordOf) })
    const conversation = createConversation<ProcessedImage>(model)
    await fill({ conversation, ids, images })
    return { rollout: { ledger, turns: [...turns], conversation }, conversation, added }
  }

  return {
    tally,
    async prepare(request) {
      const images = conversationImages({ messages: request.messages, config: processor })
      const { pieces, turns } = writer.write(request)
      const written = readPieces({ pieces, images, tokenizer, imagePad, where: directory })
      const key = rolloutKey(request.sample)
      const before = kept.take(key)
      const plan = planPrompt({ pieces: written, turns, known: before?.turns ?? [], stopIds, encode })
      const length = partsOf(plan).reduce((sum, { ids }) => sum + ids.length, 0)
      const { maxTotalTokens = Infinity } = request
      const room = Math.min(contextTokens, maxTotalTokens) - length
      if (room < 1) {
        before?.conversation?.dispose()
        if (before !== null && turns.length > 0) kept.put(key, { ...before, conversation: null })
        const what = turns.length === 0 ? 'question' : 'conversation'
        throw tooLong({ what, length, name, contextTokens, maxTotalTokens })
      }
      try {
        if (before !== null && plan.isKnown)
          return { ...(await goOn({ rollout: before, added: plan.added, images })), room }
        if (before !== null) tally.restarted++
        before?.conversation?.dispose()
        return { ...(await begin(plan)), room }
      } catch (error) {
        before?.conversation?.dispose()
        throw error
      }
    },
  }
}

/** Put tokens and their images into a conversation. */
async function fill({
  conversation,
  ids,
  images,
}: {
  conversation: Conversation<ProcessedImage>
  ids: readonly number[]
  images: readonly ConversationImage[]
}): Promise<void> {
  conversation.add({ ids, images: await Promise.all(images.map((image) => image.process())) })
}

function partsOf({ turns, added }: { turns: readonly KnownTurn[]; added: PieceTokens }): PieceTokens[] {
  return [...turns.flatMap(({ before, ids }) => [before, { ids, images: [] }]), added]
}

function tooLong({
  what,
  length,
  name,
  contextTokens,
  maxTotalTokens,
}: {
  what: 'question' | 'conversation'
  length: number
  name: string
  contextTokens: number
  maxTotalTokens: number
}): ModelError {
  const [bound, remedy] =
    maxTotalTokens < contextTokens
      ? [`it may have ${maxTotalTokens} with its answers`, 'allow more (agent.totalTokens)']
      : [`${name} reads ${contextTokens}`, 'take another model']
  return new ModelError(
    `The ${what} is ${length} tokens long with its images, and ${bound}. Show smaller images (agent.maxPixels, --max-pixels), or ${remedy}.`,
    { isContextFull: true },
  )
}

function recordOf({ sha256, grid }: LedgerImage): LedgerImage {
  return { sha256, grid }
}
