import type { ImageRecord } from '../../../core/image.js'
import { textOf, type Message, type NativeToolCall } from '../../../core/message.js'
import type { Trajectory, TrajectoryCall } from '../../../core/trajectory.js'
import { splitReply, type ReplyPart } from './split-reply.js'

/** One assistant turn: what was written, what was run because of it, and what was told in return. */
export interface Turn {
  /** From 0. */
  index: number
  /** As it was written. */
  text: string
  parts: ReplyPart[]
  nativeCalls: readonly NativeToolCall[]
  calls: TrajectoryCall[]
  /** Text of the messages up to the next turn. */
  feedback: string
}

/** The turns of a trajectory; none where there is no trajectory. */
export function turnsOf(trajectory: Trajectory | null): Turn[] {
  const turns: Turn[] = []
  for (const message of trajectory?.messages ?? []) {
    const last = turns[turns.length - 1]
    if (message.role === 'assistant') turns.push(turnOf(message, turns.length, trajectory?.calls ?? []))
    else if (last !== undefined) last.feedback += (last.feedback === '' ? '' : '\n') + textOf(message)
  }
  return turns
}

function turnOf(message: Message<ImageRecord>, index: number, calls: readonly TrajectoryCall[]): Turn {
  const text = textOf(message)
  return {
    index,
    text,
    parts: splitReply(text),
    nativeCalls: message.toolCalls ?? [],
    calls: calls.filter(({ turn }) => turn === index),
    feedback: '',
  }
}
