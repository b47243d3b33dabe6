import { DEFAULT_TURNS } from '../../agent/rollout.js'
import { UsageError } from '../../core/errors.js'
import { pixelBytes, type SandboxImage } from '../../core/image.js'
import type { Sandbox } from '../../core/sandbox.js'
import type { AgentSettings } from '../../evaluation/run/agent-settings.js'
import { badImage } from '../open-sandbox-session.js'
import { ServiceError } from '../service-error.js'
import { digest, type HeldSession } from '../service-session.js'
import type { SessionParts } from '../session-parts.js'
import type { Reserve } from '../session-table.js'
import type { EnvironmentMetrics, Face } from './environment-metrics.js'
import { Episode } from './episode.js'
import { EpisodeSession, type EpisodeDesk, type SessionTurn, type TurnRequest } from './episode-session.js'
import type { EpisodeTasks, TaskChoice } from './episode-tasks.js'
import { encodedBytes } from './kept-turn.js'
import { observationOf, openingOf, type Observation } from './observation.js'
import { scoreEpisode, type EpisodeScoring } from './score-episode.js'

export interface EnvironmentParameters {
  tasks: EpisodeTasks
  sandbox: Sandbox
  agent: AgentSettings
  scoring: EpisodeScoring
  parts: SessionParts<EnvironmentMetrics>
  /** Told when code has run, for the health check. */
  onVerdict: () => void
}

export interface BeginRequest {
  /** Null: it is begun for its beginning alone, and does not count as an episode. */
  face: Face | null
  client: string
  /** The rollout's id; one is made where there is none. */
  id?: string | undefined
  choice: TaskChoice
  /** An episode of the same client that its caller ends when this one has begun. */
  replaces?: EpisodeSession | null
}

interface StartRequest {
  client: string
  id: string
  reserve: Reserve
}

/** An answer to a client: what the model is told, and what it is worth. */
export interface EnvironmentAnswer {
  observation: Observation
  /** Null before the end. */
  reward: number | null
  done: boolean
}

/** Episodes over tasks, as every face of the service offers them: begun, stepped, ended, each under its rollout's id. */
export class Environment {
  readonly tasks: EpisodeTasks
  readonly agent: AgentSettings
  readonly parts: SessionParts<EnvironmentMetrics>
  private readonly sandbox: Sandbox
  private readonly desk: EpisodeDesk

  constructor({ tasks, sandbox, agent, scoring, parts, onVerdict }: EnvironmentParameters) {
    this.tasks = tasks
    this.sandbox = sandbox
    this.agent = agent
    this.parts = parts
    const { sessions, admission, metrics, limits } = parts
    this.desk = {
      limits,
      toolName: this.toolName,
      turnLimit: this.turnLimit,
      admit: (client, action) => {
        // What is over gives its place. A turn is never refused for memory: only episodes that can go on to their end give back what they hold.
        sessions.dropUntil(limits)
        return admission.run({ client }, action)
      },
      stepped: ({ seconds }) => metrics.stepped(seconds),
      called: (call) => {
        metrics.called(call)
        onVerdict()
      },
      lost: () => metrics.failed(),
      ended: ({ outcome }) => metrics.ended(outcome),
      score: (asked) => scoreEpisode({ ...asked, by: scoring }),
    }
  }

  /** Assistant turns of an episode. */
  get turnLimit(): number {
    return this.agent.limits.turns ?? DEFAULT_TURNS
  }

  /** Name of the tool; empty where the configuration offers none. */
  get toolName(): string {
    return this.agent.tools[0]?.name ?? ''
  }

  /**
   * Begin an episode, or find the one that the same id began with the same task.
   * @throws ServiceError: 409 where the id stands for something else, 422 for a task or an image that is none, 429 where there is no room.
   */
  async begin({
    face,
    client,
    id,
    choice,
    replaces = null,
  }: BeginRequest): Promise<{ session: EpisodeSession; isNew: boolean }> {
    const { sessions, metrics } = this.parts
    const { session, isNew } = await this.parts.admission.run({ client }, () =>
      sessions.open({
        client,
        id,
        // Of the choice, not of the task: sent again, a request for the next task is for the one that it was given.
        fingerprint: digest(['episode', choice.task ?? null, choice.seed ?? null]),
        images: 1,
        replaces: replaces?.id,
        start: (name, reserve) => this.start({ client, id: name, choice, reserve }),
      }),
    )
    if (!(session instanceof EpisodeSession)) throw noEpisode(session)
    if (isNew && face !== null) metrics.begun(face)
    return { session, isNew }
  }

  /** The episode of that id. @throws ServiceError: 404 where there is none, 409 where a session over images has that id. */
  find({ client, id }: { client: string; id: string }): EpisodeSession {
    const session = this.parts.sessions.find({ client, id })
    if (session instanceof EpisodeSession) return session
    throw noEpisode(session)
  }

  /** The same episode while it is kept, its lease as it was. */
  peek({ client, id }: { client: string; id: string }): EpisodeSession | undefined {
    this.parts.sessions.sweep()
    const session = this.parts.sessions.peek({ client, id })
    return session instanceof EpisodeSession ? session : undefined
  }

  /** Take a turn. @throws as {@link EpisodeSession.step}. */
  async step({ session, ...request }: TurnRequest & { session: EpisodeSession }): Promise<EnvironmentAnswer> {
    return this.answer(await session.step(request))
  }

  /** What the model is told first; of an episode that has its verdict, with what it is worth. */
  async opening(session: EpisodeSession): Promise<EnvironmentAnswer> {
    const { turnLimit, agent } = this
    const observation = await openingOf({ session, turnLimit, tools: agent.tools })
    const { result } = session
    return { observation, reward: result?.reward.total ?? null, done: result !== null }
  }

  /** End an episode, whatever runs in it. One that has gone already is no error. */
  async end(session: EpisodeSession, reason: Error): Promise<void> {
    const { client, id } = session
    const { sessions } = this.parts
    if (sessions.peek({ client, id }) === session) await sessions.release({ client, id, reason })
  }

  private async start({
    choice,
    ...request
  }: StartRequest & { choice: TaskChoice }): Promise<EpisodeSession> {
    const place = this.tasks.choose(choice)
    try {
      return await this.startAt({ place, ...request })
    } catch (error) {
      if (error instanceof ServiceError && error.status === 429) this.tasks.giveBack({ choice, place })
      throw error
    }
  }

  private async startAt({ place, client, id, reserve }: StartRequest & { place: number }) {
    const { sandbox, agent, desk } = this
    const task = await this.tasks.read(place)
    const admit = (image: SandboxImage): void => reserve(pixelBytes(image))
    const { episode, opening } = await Episode.begin({ task, sandbox, agent, user: client, admit }).catch(
      (error: unknown) => {
        throw error instanceof UsageError ? badImage(error) : error
      },
    )
    const openingBytes = opening.status === 'open' ? await encodedBytes(opening.messages) : 0
    try {
      reserve(openingBytes)
    } catch (error) {
      await episode.close(error as Error)
      throw error
    }
    return new EpisodeSession({
      ...{ id, client, profile: sandbox.profile, episode, place, opening, openingBytes, desk },
    })
  }

  private async answer(turn: SessionTurn): Promise<EnvironmentAnswer> {
    const { turnLimit } = this
    const observation = await observationOf({ turn, turnLimit })
    return turn.status === 'open'
      ? { observation, reward: null, done: false }
      : { observation, reward: turn.verdict.reward.total, done: true }
  }
}

function noEpisode({ id }: HeldSession): ServiceError {
  return new ServiceError({
    status: 409,
    code: 'no_episode',
    message: `Session ${id} was opened over images: expected one over a task.`,
    hint: 'Open one with POST /v1/sessions {"task": …}; calls over images are run by /execute.',
  })
}
