import type { Trajectory } from '../../core/trajectory.js'

/** What a model wrote, turn by turn, of a client that tells it only at the end of the rollout. */
export interface WrittenTurns {
  /** Texts of the turns that asked for calls, in the order of the calls. */
  asking: string[]
  /** Text behind the last call; empty where nothing came. */
  last: string
  /** The answer is missing: the rollout stopped at a call, or where a text was cut off. */
  isCut: boolean
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
