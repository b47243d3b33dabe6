import type { Trajectory } from '../../core/trajectory.js'

/** What a model wrote, turn by turn, of a client that tells it only at the end of the rollout. */
export interface WrittenTurns {
  /** Texts of the turns that asked for calls, in the order of the calls. */
  asking: string[]
  /** Text behind the last call; empty where nothing came. */
  last: string
  /** Its last turn, where a trainer has answered calls by itself in between (of a tool that is none, say); absent: it is one turn. */
  closing?: string
  /** The answer is missing: the rollout stopped at a call, or where a text was cut off. */
  isCut: boolean
}

/** Whether a last text holds a call, which nobody would be told of, so that it is not run: the rollout was ended before its answer. */
export function asksForCall(text: string): boolean {
  return text.includes('<tool_call>')
}

/** A trajectory whose assistant turns with calls have the texts that came with these; here they came as calls alone. */
export function withTexts({
  trajectory,
  texts,
  last = null,
}: {
  trajectory: Trajectory
  texts: readonly string[]
  /** Takes the place of the last message, where that is of the assistant and no call; null: it stays. */
  last?: string | null
}): Trajectory {
  let at = 0
  const messages = trajectory.messages.map((message, place): Trajectory['messages'][number] => {
    const isLast = place === trajectory.messages.length - 1 && message.toolCalls === undefined
    if (last !== null && isLast && message.role === 'assistant')
      return { ...message, content: [{ type: 'text', text: last }] }
    if (message.role !== 'assistant' || message.toolCalls === undefined) return message
    return { ...message, content: [{ type: 'text', text: texts[at++] ?? '' }] }
  })
  return { ...trajectory, messages }
}
