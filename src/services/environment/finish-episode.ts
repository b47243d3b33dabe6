import { CALL_CLOSE, CALL_OPEN } from '../../agent/hermes.js'
import { readTurn } from '../../agent/read-turn.js'
import type { Trajectory } from '../../core/trajectory.js'
import type { Environment } from './environment.js'
import { replyOf, type EpisodeSession } from './episode-session.js'
import type { EpisodeVerdict } from './score-episode.js'
import { withTexts, type WrittenTurns } from './written-turns.js'

/** Call ids that no client may choose, since those have no blanks. */
const LAST_TURN = 'the last turn'
const CUT_OFF = 'the end behind it'

/**
 * End an episode whose calls came as calls alone, if its turns have not: its last text is taken, and all is scored with the texts that come only now. Asked again, the
 * answer is the same. A last text that asks for one more call, which nobody would be told of, ends it as its own rule says where it is the last turn that the episode
 * may have (turn-limit), and else as one that was cut off.
 * @throws as {@link EpisodeSession.step}.
 */
export async function finishEpisode({
  environment,
  session,
  turns: { asking, last, closing = last, isCut },
  isLength = false,
}: {
  environment: Environment
  session: EpisodeSession
  turns: WrittenTurns
  /** The client says that the last text was cut off. */
  isLength?: boolean
}): Promise<EpisodeVerdict> {
  const revise = (trajectory: Trajectory): Trajectory => withTexts({ trajectory, texts: asking })
  // A rollout that has ended with a call was scored without the texts.
  if (session.result !== null) return ended(await session.rescore({ revise }))
  const { signal } = new AbortController()
  const finish = (id: string, text: string, isLength: boolean) =>
    environment.step({
      ...{ session, id, revise, signal },
      reply: replyOf({ text, finishReason: isLength ? 'length' : 'stop' }),
    })
  // Of the answered ones: sent again, this may come behind the last turn.
  const isLastTurn = session.episode.answers.length + 1 >= environment.turnLimit
  const isTurnLimit = !isLength && isLastTurn && isCallRead({ environment, text: closing })
  const { done } = await finish(LAST_TURN, closing, isCut && !isTurnLimit)
  // Text that asks for one more call, which nobody would be told of.
  if (!done) await finish(CUT_OFF, '', true)
  return ended(session.result)
}

/** Whether a rollout would read a call in the text, right or wrong. One that is not closed was cut off. */
function isCallRead({ environment: { agent }, text }: { environment: Environment; text: string }): boolean {
  if (text.lastIndexOf(CALL_CLOSE) < text.lastIndexOf(CALL_OPEN)) return false
  const { parsing = 'robust', tools } = agent
  const reading = readTurn({ reply: replyOf({ text }), parsing, toolNames: tools.map(({ name }) => name) })
  return reading.type !== 'answer'
}

function ended(verdict: EpisodeVerdict | null): EpisodeVerdict {
  if (verdict === null) throw new TypeError('expected a verdict at the end of the episode')
  return verdict
}
