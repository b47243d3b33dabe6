import { readGenerationConfig } from '../../models/generate/read-generation-config.js'
import { readModelFiles } from '../../models/model-files.js'
import { requireCheckpointFolder } from './checkpoint-folder.js'
import { conversationImages } from './conversation-image.js'
import { createConversationWriter } from './conversation-writer.js'
import { checkTurns, createConversationEncoder, type EncodeConversation } from './encode-conversation.js'
import { specialTexts } from './special-texts.js'
import { stopTokens } from './stop-tokens.js'

/** @throws UsageError for a conversation that cannot be encoded (see {@link createConversationEncoder}). Of its images the sizes are looked at, and no file is read. */
export type CheckConversation = (...conversation: Parameters<EncodeConversation>) => void

/**
 * Check conversations against a checkpoint whose weights are not loaded. Tokens are made only of a conversation that may be too long, since that is slow: a token stands for a byte at least.
 * @param parameters.policy names the engine in errors
 * @throws UsageError when the folder is no checkpoint of a model that is built in
 */
export async function openConversationCheck({
  directory,
  policy,
}: {
  directory: string
  policy: string
}): Promise<CheckConversation> {
  await requireCheckpointFolder({ directory, policy })
  const model = await readModelFiles(directory)
  const generation = await readGenerationConfig(directory)
  const { tokenizer, template, processor } = model
  const stopIds = stopTokens({ generation, tokenizer, directory })
  const contextTokens = model.config.text.maxPositions
  const encode = createConversationEncoder({ model, stopIds, contextTokens })
  const writer = createConversationWriter({ template, specialTokens: specialTexts(model), where: directory })
  return (conversation) => {
    checkTurns(conversation.messages)
    const images = conversationImages({ messages: conversation.messages, config: processor })
    const { pieces, turns } = writer.write(conversation)
    const visual = images.reduce((sum, { grid }) => sum + grid.width * grid.height, 0)
    const bytes = [...pieces, ...turns].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    if (visual + bytes > contextTokens) encode(conversation)
  }
}
