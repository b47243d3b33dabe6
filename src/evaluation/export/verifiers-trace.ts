import { parseHermes } from '../../agent/hermes.js'
import type { ToolDescription } from '../../core/policy.js'
import type { ImageRecord } from '../../core/image.js'
import { textOf, type ContentPart, type Message } from '../../core/message.js'
import type { StopReason, Trajectory } from '../../core/trajectory.js'

/** Of the schema that is written, and the version of verifiers that it was tried with. */
export const TRACE_VERSION = 1
export const VERIFIERS_VERSION = '0.4.0'

type Part = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } }

interface ToolCall {
  id: string
  type: 'function'
  name: string
  arguments: string
}

/** A message as verifiers types it. */
type TraceMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string | Part[] }
  | { role: 'assistant'; content: string; tool_calls?: ToolCall[] }
  | { role: 'tool'; content: string | Part[]; tool_call_id: string }

interface TraceNode {
  parent?: number
  tools?: readonly ToolDescription[]
  message: TraceMessage
  /** The model wrote it. */
  sampled: boolean
  /** Seconds since 1970. */
  timestamp: number
}

/** The messages of a trajectory as the nodes of a trace, one behind the other, and the calls of the model that made some of them. */
export async function traceNodes({
  trajectory: { messages, stop },
  model,
  tools,
  timestamp,
  urlOf,
}: {
  trajectory: Trajectory
  model: string
  /** That the prompt has. */
  tools: readonly ToolDescription[]
  /** Of every node: when each was written is not recorded. */
  timestamp: number
  urlOf: (image: ImageRecord) => Promise<string>
}): Promise<{ nodes: TraceNode[]; calls: object[] }> {
  const nodes: TraceNode[] = []
  const calls: object[] = []
  /** Calls of the turn before that no message has answered yet. */
  let open: string[] = []
  let turn = 0
  for (const [node, message] of messages.entries()) {
    const written = await traced({ message, turn, id: open.shift() ?? `call_${turn - 1}`, urlOf })
    nodes.push({
      ...(node === 0 ? tools.length > 0 && { tools } : { parent: node - 1 }),
      ...{ message: written, sampled: written.role === 'assistant', timestamp },
    })
    if (written.role !== 'assistant') continue
    const asked = written.tool_calls ?? []
    open = asked.map(({ id }) => id)
    const isLast = messages.slice(node + 1).every(({ role }) => role !== 'assistant')
    const ended = isLast && stop === 'truncated' ? 'length' : asked.length > 0 ? 'tool_calls' : 'stop'
    calls.push({ node, model, finish_reason: ended })
    turn += 1
  }
  return { nodes, calls }
}

/** Why verifiers would say that it ended. */
export const STOP_CONDITIONS: Readonly<Record<StopReason, string>> = {
  answer: 'agent_completed',
  'turn-limit': 'max_turns',
  'token-limit': 'max_total_tokens',
  // The last call's finish_reason tells it.
  truncated: 'agent_completed',
}

async function traced({
  message,
  turn,
  id,
  urlOf,
}: {
  message: Message<ImageRecord>
  /** Assistant turns before. */
  turn: number
  /** Of the call that a tool answers, where the message does not say it. */
  id: string
  urlOf: (image: ImageRecord) => Promise<string>
}): Promise<TraceMessage> {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: textOf(message) }
    case 'user':
      return { role: 'user', content: await contentOf(message.content, urlOf) }
    case 'tool':
      return {
        ...{ role: 'tool', content: await contentOf(message.content, urlOf) },
        tool_call_id: message.toolCallId ?? id,
      }
    case 'assistant':
      return assistantMessage({ message, turn })
  }
}

/**
 * Calls that stand in the text are told as a server tells them that reads them there, before those that came natively, as they are run; where one of several blocks cannot be read, it is gone from the text, as it
 * is from the rollout. A text none of whose blocks can be read stays whole.
 */
function assistantMessage({ message, turn }: { message: Message<ImageRecord>; turn: number }): TraceMessage {
  const text = textOf(message)
  const { content, calls } = parseHermes(text)
  const written = calls.map((call, at) => toolCall(`call_${turn}_${at}`, call.name, call.arguments))
  const native = (message.toolCalls ?? []).map(({ id, name, arguments: given }) => toolCall(id, name, given))
  const all = [...written, ...native]
  return {
    ...{ role: 'assistant', content: written.length > 0 ? content : text },
    ...(all.length > 0 && { tool_calls: all }),
  }
}

function toolCall(id: string, name: string, given: string): ToolCall {
  return { id, type: 'function', name, arguments: given }
}

async function contentOf(
  content: readonly ContentPart<ImageRecord>[],
  urlOf: (image: ImageRecord) => Promise<string>,
): Promise<string | Part[]> {
  if (content.every(({ type }) => type === 'text'))
    return content.map((part) => (part.type === 'text' ? part.text : '')).join('')
  return Promise.all(
    content.map(async (part): Promise<Part> =>
      part.type === 'text'
        ? { type: 'text', text: part.text }
        : { type: 'image_url', image_url: { url: await urlOf(part.image) } },
    ),
  )
}
