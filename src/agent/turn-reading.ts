import type { CodeCall } from '../core/code-call.js'
import type { NativeToolCall } from '../core/message.js'
import type { CallProblem } from './call-problem.js'

/** What the policy wrote in one turn. */
export interface Turn {
  text: string
  /** Calls that came outside the text. */
  toolCalls: readonly NativeToolCall[]
}

/**
 * What a turn asks the loop to do next. `malformed` counts the calls in it that could not be read; `toolCallId` is the native call that
 * was read, null where it stood in the text.
 */
export type TurnReading =
  /** No call that anyone could run: the text is the final answer. */
  | { type: 'answer'; malformed: number }
  /** Run this; `note` is what the model should be told besides the result. */
  | { type: 'call'; call: CodeCall; note: string | null; toolCallId: string | null; malformed: number }
  /** Run nothing and tell the model why. */
  | { type: 'problem'; problem: CallProblem; toolCallId: string | null; malformed: number }

/** Which way of reading tool calls: helpful, or as the released environment does. */
export type Parsing = 'robust' | 'hermes'
