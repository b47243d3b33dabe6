import { textOf, type Message } from '../../core/message.js'
import { rejection, type Rejection } from './verdict.js'

/** A turn as a trajectory to learn from must have it. */
export interface WrittenTurn {
  readonly thought: string
  /** The answer of the last turn; null in those that call. */
  readonly answer: string | null
}

const TURN =
  /^\s*<think>([\s\S]*?)<\/think>\s*(?:<tool_call>([\s\S]*?)<\/tool_call>|<answer>([\s\S]*?)<\/answer>)\s*$/
const TAG = /<\/?(?:think|tool_call|answer|tool_response)>/

/**
 * Read the assistant's turns: a thought, then one call, in the last the answer (paper, section 2).
 * @returns the turns, or why they are not of that form.
 */
export function readTurns(messages: readonly Message<unknown>[]): WrittenTurn[] | Rejection {
  const written = messages.filter(({ role }) => role === 'assistant')
  const turns: WrittenTurn[] = []
  for (const [at, message] of written.entries()) {
    const bad = (what: string): Rejection => rejection('bad-format', `Turn ${at + 1}: ${what}.`)
    if ((message.toolCalls?.length ?? 0) > 0)
      return bad('expected the call in the text, inside <tool_call>, got a native one')
    const match = TURN.exec(textOf(message))
    if (match === null)
      return bad('expected <think>…</think> and then one <tool_call> or one <answer>, got something else')
    const [, thought = '', call, answer] = match
    if (thought.trim() === '') return bad('expected a thought, got an empty <think>')
    if ([thought, call ?? '', answer ?? ''].some((part) => TAG.test(part)))
      return bad('expected one thought and one call or answer, got more tags')
    const isLast = at === written.length - 1
    if (isLast && answer === undefined) return bad('expected the answer in the last turn, got a call')
    if (!isLast && answer !== undefined) return bad('expected a call, got an answer before the last turn')
    turns.push({ thought, answer: answer?.trim() ?? null })
  }
  return turns.length > 0 ? turns : rejection('bad-format', 'Expected a turn, got none.')
}
