import type { PolicyReply } from '../core/policy.js'
import { readTurnHermes } from './read-turn-hermes.js'
import { readTurnRobust } from './robust.js'
import type { Parsing, TurnReading } from './turn-reading.js'

/** What a turn of a rollout asks for; without tools every turn is an answer. */
export function readTurn({
  reply,
  parsing,
  toolNames,
}: {
  reply: PolicyReply
  parsing: Parsing
  toolNames: readonly string[]
}): TurnReading {
  if (toolNames.length === 0) return { type: 'answer', malformed: 0 }
  const parameters = { turn: reply, tools: toolNames }
  return parsing === 'robust' ? readTurnRobust(parameters) : readTurnHermes(parameters)
}
