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
 * answer is the same.
 * @throws as {@link EpisodeSession.step}.
 */
export async function finishEpisode({
  environment,
  session,
  turns: { asking, last, closing = last, isCut },
}: {
  environment: Environment
  session: EpisodeSession
  turns: WrittenTurns
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
  const { done } = await finish(LAST_TURN, closing, isCut)
  // Text that asks for one more call, which nobody would be told of.
  if (!done) await finish(CUT_OFF, '', true)
  return ended(session.result)
}

function ended(verdict: EpisodeVerdict | null): EpisodeVerdict {
  if (verdict === null) throw new TypeError('expected a verdict at the end of the episode')
  return verdict
}
