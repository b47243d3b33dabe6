import { loadToolDescription } from '../agent/load-prompt.js'
import { CODE_IMAGE_TOOL } from '../agent/tool-description.js'
import type { SftConfig } from '../config/training-schema.js'
import { UsageError } from '../core/errors.js'
import type { ToolDescription } from '../core/policy.js'
import { sourceConversations } from '../curation/export/source-conversations.js'
import { openTrainingSource } from '../curation/export/training-source.js'
import type { Conversation } from '../data/conversations/conversation.js'
import { conversationExamples, type ConversationExamples } from './conversation-examples.js'
import { holdOut } from './hold-out.js'
import { overlapWarning } from './overlap-warning.js'
import { usableConversations, type UsableConversation } from './usable-conversations.js'

const SHOWN_PROBLEMS = 5

export interface LoadExamplesParameters {
  config: SftConfig
  /** Throws for a conversation that the model cannot read. */
  check: Parameters<typeof usableConversations>[0]['check']
  /** Told of what is left out. */
  onWarning: (message: string) => void
}

/** The conversations that a configuration names, each looked at, as examples to learn from and to measure on. @throws UsageError where there is none. */
export async function loadExamples({ config, check, onWarning }: LoadExamplesParameters): Promise<{
  examples: ConversationExamples
  held: ConversationExamples | null
}> {
  const { maxPixels, heldOut } = config
  const shown = { tools: await toolsOf(config), maxPixels }
  const { kept, held } = await dealt({
    config,
    read: (paths, most = Infinity) =>
      readAll({ paths, most, outcomes: config.outcomes, onWarning, usable: { ...shown, check } }),
  })
  const examples = conversationExamples({ conversations: kept, ...shown })
  if (held === null) return { examples, held }
  const measured = conversationExamples({ conversations: held, ...shown })
  const named = `conversations of \`heldOut.${heldOut?.data === undefined ? 'count' : 'data'}\``
  const warning = overlapWarning({ learned: examples.keys, measured: measured.keys, named })
  if (warning !== null) onWarning(warning)
  return { examples, held: measured }
}

async function toolsOf({ tools, toolDescription }: SftConfig): Promise<ToolDescription[]> {
  if (!tools) return []
  return [
    toolDescription === undefined ? CODE_IMAGE_TOOL : await loadToolDescription({ path: toolDescription }),
  ]
}

/** What is learned from, and what is measured on; null: nothing. */
async function dealt({
  config: { data, heldOut, limit, seed },
  read,
}: {
  config: SftConfig
  read: (paths: readonly string[], most?: number) => Promise<UsableConversation[]>
}): Promise<{ kept: UsableConversation[]; held: UsableConversation[] | null }> {
  const all = await read(data, limit)
  if (heldOut?.data !== undefined) return { kept: all, held: await read([heldOut.data]) }
  if (heldOut?.count === undefined) return { kept: all, held: null }
  return holdOut({ items: all, count: heldOut.count, seed })
}

/** The first conversations that can be used. @throws UsageError where there is none. */
async function readAll({
  paths,
  most,
  outcomes,
  onWarning,
  usable,
}: {
  paths: readonly string[]
  most: number
  outcomes: SftConfig['outcomes']
  onWarning: (message: string) => void
  usable: Omit<Parameters<typeof usableConversations>[0], 'conversations' | 'onProblem'>
}): Promise<UsableConversation[]> {
  const leftOut = new Map<string, number>()
  let problems = 0
  const onProblem = ({ message }: Error): void => {
    if (problems++ < SHOWN_PROBLEMS) onWarning(`Left out: ${message}`)
  }
  const onLeftOut = (reason: string): void => {
    leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1)
  }
  const conversations: UsableConversation[] = []
  const read = readPaths({ paths, outcomes, onProblem, onLeftOut })
  for await (const found of usableConversations({ ...usable, conversations: read, onProblem })) {
    conversations.push(found)
    if (conversations.length >= most) break
  }
  if (problems > SHOWN_PROBLEMS)
    onWarning(
      `… and ${problems - SHOWN_PROBLEMS} more were left out: ${problems} in all, beside ${conversations.length} that are used`,
    )
  for (const [reason, count] of leftOut) onWarning(`Left out: ${count} × ${reason}`)
  if (conversations.length === 0)
    throw new UsageError(`${paths.join(', ')}: expected conversations to learn from, got none`)
  return conversations
}

async function* readPaths({
  paths,
  ...rest
}: { paths: readonly string[] } & Omit<
  Parameters<typeof sourceConversations>[0],
  'source' | 'images'
>): AsyncGenerator<Conversation> {
  for (const path of paths)
    yield* sourceConversations({ source: await openTrainingSource(path), images: 'view', ...rest })
}
