import { createHash } from 'node:crypto'
import { UsageError } from '../../core/errors.js'
import { textOf, type ContentPart, type Message } from '../../core/message.js'
import type { ToolDescription } from '../../core/policy.js'
import type { ChatTemplate, TemplateMessage } from '../../models/tokenizer/chat-template.js'
import { breakTokens } from './break-tokens.js'

/** What a chat template writes of a conversation. */
export interface WrittenConversation {
  /** What stands before, between and after the assistant's turns: one more than there are turns. The last ends where the next turn begins. */
  readonly pieces: readonly string[]
  /** What the assistant wrote in each turn. */
  readonly turns: readonly string[]
}

export interface ConversationWriter {
  /** Whether the template lists the tools itself; else the system prompt has to tell of them. */
  readonly takesTools: boolean
  /** @throws UsageError when the template refuses the conversation, or loses a turn of it. */
  write(conversation: {
    messages: readonly Message[]
    tools: readonly ToolDescription[]
  }): WrittenConversation
}

/**
 * Write conversations by a checkpoint's own template. A mark stands for each turn of the assistant while the template is at work, so that what surrounds the turns can be told from what was
 * sampled, which is never read a second time. Results of tools keep their role where the template knows it, else they become a user's message in `<tool_response>`, as Hermes models have it.
 */
export function createConversationWriter({
  template,
  specialTokens,
  where,
}: {
  template: ChatTemplate
  /** Texts that would steer the model; in a conversation's own texts they are broken up. */
  specialTokens: readonly string[]
  /** Names the template in errors. */
  where: string
}): ConversationWriter {
  const render = (messages: readonly TemplateMessage[], tools: readonly unknown[] = []): string => {
    try {
      return template.render({ messages, addGenerationPrompt: true, tools })
    } catch (cause) {
      throw new UsageError(
        `${where}: the chat template cannot write a conversation of ${messages.map(({ role }) => role).join(', ')}: ${String(cause)}`,
        { cause },
      )
    }
  }
  const takesTools = differs(
    () => render([{ role: 'user', content: 'x' }], [listed(PROBE_TOOL)]),
    () => render([{ role: 'user', content: 'x' }]),
  )
  const hasToolRole = knowsToolRole(render)
  return {
    takesTools,
    write({ messages, tools }) {
      const turns = messages.filter(({ role }) => role === 'assistant').map(textOf)
      const mark = markFor(messages)
      const given = templateMessages({ messages, mark, hasToolRole, specialTokens })
      const text = render(given, takesTools ? tools.map(listed) : [])
      const pieces = splitAtMarks({ text, mark, turns: turns.length })
      if (pieces === null)
        throw new UsageError(
          `${where}: expected a chat template that writes each of ${turns.length} assistant turns once and in order; it does not`,
        )
      return { pieces, turns }
    },
  }
}

const PROBE_TOOL: ToolDescription = {
  name: 'probe',
  description: 'probe',
  parameters: { type: 'object', properties: {}, required: [] },
}

function listed({ name, description, parameters }: ToolDescription): object {
  return { type: 'function', function: { name, description, parameters } }
}

/** A template may refuse what it does not know. */
function differs(one: () => string, other: () => string): boolean {
  try {
    return one() !== other()
  } catch (error) {
    if (error instanceof UsageError) return false
    throw error
  }
}

function knowsToolRole(render: (messages: readonly TemplateMessage[]) => string): boolean {
  const conversation = ['user', 'assistant', 'tool'].map((role) => ({ role, content: 'x' }))
  return differs(
    () => (render(conversation).includes('<tool_response>') ? 'known' : 'unknown'),
    () => 'unknown',
  )
}

/** A text that stands in none of the messages. */
function markFor(messages: readonly Message[]): string {
  const hash = createHash('sha256')
  for (const message of messages) hash.update(textOf(message))
  return `turn-${hash.digest('hex').slice(0, 24)}-`
}

function splitAtMarks({ text, mark, turns }: { text: string; mark: string; turns: number }): string[] | null {
  const pieces: string[] = []
  let rest = text
  for (let turn = 0; turn < turns; turn++) {
    const own = `${mark}${turn}.`
    const at = rest.indexOf(own)
    if (at < 0) return null
    pieces.push(rest.slice(0, at))
    rest = rest.slice(at + own.length)
  }
  pieces.push(rest)
  return pieces.some((piece) => piece.includes(mark)) ? null : pieces
}

function templateMessages({
  messages,
  mark,
  hasToolRole,
  specialTokens,
}: {
  messages: readonly Message[]
  mark: string
  hasToolRole: boolean
  specialTokens: readonly string[]
}): TemplateMessage[] {
  const written: TemplateMessage[] = []
  let turn = 0
  for (const [at, { role, content }] of messages.entries()) {
    // Joined first: a token in two halves must not become one.
    const parts = joined(content.map(templatePart)).map((part) =>
      part.type === 'text' ? text(breakTokens({ text: part.text, tokens: specialTokens })) : part,
    )
    if (role === 'assistant') written.push({ role, content: `${mark}${turn++}.` })
    else if (role !== 'tool' || hasToolRole) written.push({ role, content: plain(parts) })
    else {
      const response = [text('<tool_response>\n'), ...parts, text('\n</tool_response>')]
      const before = messages[at - 1]?.role === 'tool' ? written.pop() : undefined
      const earlier = before === undefined ? [] : [...asParts(before.content), text('\n')]
      written.push({ role: 'user', content: plain(joined([...earlier, ...response])) })
    }
  }
  return written
}

type TemplatePart = { type: 'image' } | { type: 'text'; text: string }

function text(value: string): TemplatePart {
  return { type: 'text', text: value }
}

function templatePart(part: ContentPart<unknown>): TemplatePart {
  return part.type === 'image' ? { type: 'image' } : text(part.text)
}

function asParts(content: TemplateMessage['content']): readonly TemplatePart[] {
  return typeof content === 'string' ? [text(content)] : content
}

/** Neighbouring texts as one. */
function joined(parts: readonly TemplatePart[]): TemplatePart[] {
  const all: TemplatePart[] = []
  for (const part of parts) {
    const last = all.at(-1)
    if (part.type === 'text' && last?.type === 'text') all.splice(-1, 1, text(last.text + part.text))
    else all.push(part)
  }
  return all
}

/** Text alone as text: not every template takes parts everywhere. */
function plain(parts: readonly TemplatePart[]): TemplateMessage['content'] {
  const [only = text('')] = parts
  return parts.length <= 1 && only.type === 'text' ? only.text : parts
}
