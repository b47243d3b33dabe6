import type { Trajectory } from '../../core/trajectory.js'
import type { OutputItem } from './nemo-requests.js'

/** What a model wrote, turn by turn, as a response of the Responses API tells it. */
export interface ResponseTurns {
  /** Texts of the turns that asked for calls, in the order of the calls. */
  asking: string[]
  /** Text behind the last call; empty where nothing came. */
  last: string
  /** The last item is a call, so that the answer is missing. */
  isCut: boolean
}

/** Reasoning that a server keeps apart from the text is what the model wrote between think tags. */
export function responseTurns(output: readonly OutputItem[]): ResponseTurns {
  const asking: string[] = []
  let text = ''
  let isCut = false
  for (const item of output) {
    if (item.type === 'function_call') {
      asking.push(text)
      text = ''
      isCut = true
    } else if (item.type === 'reasoning') {
      const thought = [item.summary, item.content].map(textOf).join('')
      if (thought !== '') text += `<think>${thought}</think>`
    } else if (item.type === 'message' && item.role !== 'user') {
      text += textOf(item.content)
      isCut = false
    }
  }
  return { asking, last: text, isCut }
}

/** A trajectory whose assistant turns with calls have the texts that came with these; here they came as calls alone. */
export function withTexts({
  trajectory,
  texts,
}: {
  trajectory: Trajectory
  texts: readonly string[]
}): Trajectory {
  let at = 0
  const messages = trajectory.messages.map((message): Trajectory['messages'][number] => {
    if (message.role !== 'assistant' || message.toolCalls === undefined) return message
    return { ...message, content: [{ type: 'text', text: texts[at++] ?? '' }] }
  })
  return { ...trajectory, messages }
}

/** A text, or the texts of a list of parts; whatever else there is says nothing. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: unknown) => (hasText(part) ? part.text : '')).join('')
}

function hasText(part: unknown): part is { text: string } {
  return typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string'
}
