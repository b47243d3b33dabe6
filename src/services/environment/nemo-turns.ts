import { isDeepStrictEqual } from 'node:util'
import type { NativeToolCall } from '../../core/message.js'
import type { OutputItem } from './nemo-requests.js'
import type { WrittenTurns } from './written-turns.js'

/**
 * What a model wrote, as a response of the Responses API tells it. Reasoning that a server keeps apart from the text is what the model wrote between think tags. Calls
 * that took no turn (of a tool that is none, or refused) leave their text to the turn behind them; a call that took several, since its request was sent again when the
 * connection broke, gives all of them its text.
 */
export function responseTurns({
  output,
  taken,
}: {
  output: readonly OutputItem[]
  /** Calls that the episode took, in their order. */
  taken: readonly NativeToolCall[]
}): WrittenTurns {
  const refused = refusedCalls(output)
  const asking: string[] = []
  const isRepeated = (place: number): boolean => {
    const [before, call] = [taken[place - 1], taken[place]]
    return before !== undefined && call !== undefined && isSame(before, call)
  }
  const repeatUntil = (place: number): void => {
    while (asking.length < place) asking.push(asking.at(-1) ?? '')
  }
  let text = ''
  let isCut = false
  for (const item of output) {
    if (item.type === 'function_call') {
      isCut = true
      let place = asking.length
      while (isRepeated(place) && !isSame(item, taken[place])) place++
      if (refused.has(item) || !isSame(item, taken[place])) continue
      repeatUntil(place)
      asking.push(text)
      text = ''
    } else if (item.type === 'reasoning') {
      const thought = [item.summary, item.content].map(textOf).join('')
      if (thought !== '') text += `<think>${thought}</think>`
    } else if (item.type === 'message' && item.role !== 'user') {
      text += textOf(item.content)
      isCut = false
    }
  }
  let end = asking.length
  while (isRepeated(end)) end++
  repeatUntil(end)
  return { asking, last: text, isCut }
}

/** Calls that were answered with an error of this service; the same call may have been taken when it was sent again. */
function refusedCalls(output: readonly OutputItem[]): ReadonlySet<OutputItem> {
  // A server may give the same id to calls of several turns.
  const asked = new Map<unknown, OutputItem>()
  const refused = new Set<OutputItem>()
  for (const item of output) {
    if (item.type === 'function_call') asked.set(item.call_id, item)
    const call = asked.get(item.call_id)
    if (item.type === 'function_call_output' && call !== undefined && isError(item.output)) refused.add(call)
  }
  return refused
}

function isError(answer: unknown): boolean {
  const value = jsonIn(answer)
  if (typeof value !== 'object' || value === null || !('error' in value)) return false
  const { error } = value
  if (typeof error !== 'object' || error === null || !('code' in error)) return false
  // A request that is sent again while its turn goes on is told so.
  return error.code !== 'turn_under_way'
}

/** Whether it is this call; as text, its arguments may be another one. */
function isSame(
  { name, arguments: written }: Pick<OutputItem, 'name' | 'arguments'>,
  call: NativeToolCall | undefined,
): boolean {
  if (call === undefined || name !== call.name) return false
  return isDeepStrictEqual(jsonIn(written), jsonIn(call.arguments))
}

/** Undefined where it is none. */
function jsonIn(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return undefined
  }
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
