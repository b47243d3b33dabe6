import { textOf, type Message } from '../../core/message.js'
import type { CurationPlan } from '../plan/curation-plan.js'
import { movesOf, type Move } from './moves.js'

/** What came back for a call. */
export type Observation = { status: 'ok'; imageIndex: number } | { status: 'failed'; text: string }

export interface Played {
  move: Move
  observation: Observation
}

/** How far a conversation has come in a plan. */
export interface Progress {
  played: readonly Played[]
  /** Null: it is time to answer. */
  next: Move | null
  /** How often the next move was tried and failed against the plan. */
  retries: number
  /** Image that each step made. */
  made: ReadonlyMap<number, number>
  /** Images of the trajectory so far. */
  imageCount: number
}

/** A step that fails against the plan is tried again so often, then the answer is given. */
const MOST_RETRIES = 2

/** Read from the messages alone which calls of a plan have been made and what they led to: a failed call adds no image, a wrong tool adds one. */
export function readProgress({
  plan,
  messages,
}: {
  plan: Pick<CurationPlan, 'steps' | 'provocation'>
  messages: readonly Message<unknown>[]
}): Progress {
  const moves = movesOf(plan)
  const played: Played[] = []
  const made = new Map<number, number>()
  let at = 0
  let retries = 0
  for (const observation of observationsOf(messages)) {
    const move = moves[at]
    if (move === undefined) break
    played.push({ move, observation })
    if (move.type === 'step' && observation.status === 'failed') {
      retries++
      if (retries > MOST_RETRIES) at = moves.length
    } else {
      if (move.type === 'step' && observation.status === 'ok') made.set(move.step, observation.imageIndex)
      at++
      retries = 0
    }
  }
  const imageCount = messages.reduce(
    (count, { content }) => count + content.filter(({ type }) => type === 'image').length,
    0,
  )
  return { played, next: moves[at] ?? null, retries, made, imageCount }
}

/** One for each assistant turn that was answered. */
function observationsOf(messages: readonly Message<unknown>[]): Observation[] {
  const turns: Message<unknown>[][] = []
  for (const message of messages) {
    if (message.role === 'assistant') turns.push([])
    else turns.at(-1)?.push(message)
  }
  return turns.map((replies) => {
    const seen = replies.flatMap(({ content }) => content).findLast(({ type }) => type === 'image')
    return seen?.type === 'image'
      ? { status: 'ok', imageIndex: seen.index }
      : { status: 'failed', text: replies.map(textOf).join('\n') }
  })
}
