import type { Execution } from '../../core/execution.js'
import type { SandboxImage } from '../../core/image.js'
import type { PolicyReply } from '../../core/policy.js'
import type { SandboxProfile } from '../../core/sandbox.js'
import type { Trajectory } from '../../core/trajectory.js'
import { RememberedCalls } from '../remembered-calls.js'
import { ServiceError } from '../service-error.js'
import {
  digest,
  ServiceSession,
  type ExecuteInSession,
  type HeldSession,
  type ImageOfSession,
} from '../service-session.js'
import type { EndedProgress, Episode, EpisodeProgress, OpenProgress } from './episode.js'
import type { EpisodeVerdict } from './score-episode.js'

/** What a turn came to; at the end, with what the episode is worth. */
export type SessionTurn = OpenProgress | (EndedProgress & { verdict: EpisodeVerdict })

/** What an episode's session needs of the service. */
export interface EpisodeDesk {
  limits: { imagesPerSession: number; callsPerSession: number }
  /** Name of the tool, for calls that come as code. */
  toolName: string
  /** Take a turn in the queue. @throws ServiceError (429) where there is no room. */
  admit<Value>(client: string, action: () => Promise<Value>): Promise<Value>
  /** Told of each turn that was taken. */
  stepped(step: { execution: Execution | null; seconds: number }): void
  score(episode: Episode, trajectory: Trajectory): Promise<EpisodeVerdict>
}

export interface TurnRequest {
  /** The same again gets the same answer, and takes no turn. */
  id: string
  reply: PolicyReply
  /** What is to be scored in place of the trajectory; of clients that tell only at the end what the model wrote. */
  revise?: ((trajectory: Trajectory) => Trajectory) | undefined
  /** Aborted when the client goes away; the turn is taken to its end nevertheless. */
  signal: AbortSignal
}

/** An episode as the service keeps it: each turn is taken once, however often it is sent. */
export class EpisodeSession implements HeldSession {
  readonly id: string
  readonly client: string
  readonly profile: SandboxProfile
  readonly episode: Episode
  /** Place of its task. */
  readonly place: number
  /** What the model was told first. */
  readonly opening: EpisodeProgress
  private readonly desk: EpisodeDesk
  private readonly calls: RememberedCalls<SessionTurn>
  private ended: EndedProgress | null = null
  private verdict: EpisodeVerdict | null = null
  private isTaking = false
  private rescored = false
  private inner: { of: unknown; session: ServiceSession } | undefined

  constructor({
    id,
    client,
    profile,
    episode,
    place,
    opening,
    desk,
  }: Pick<EpisodeSession, 'id' | 'client' | 'profile' | 'episode' | 'place' | 'opening'> & {
    desk: EpisodeDesk
  }) {
    this.id = id
    this.client = client
    this.profile = profile
    this.episode = episode
    this.place = place
    this.opening = opening
    this.desk = desk
    this.calls = new RememberedCalls({ limit: desk.limits.callsPerSession })
  }

  get images(): readonly SandboxImage[] {
    return this.episode.sandboxSession?.images ?? []
  }

  get callCount(): number {
    return this.calls.size
  }

  get isBusy(): boolean {
    return this.calls.underWay > 0
  }

  get isOver(): boolean {
    return this.verdict !== null || this.episode.failure !== null
  }

  get heldBytes(): number {
    return this.isOver ? 0 : this.held().heldBytes
  }

  /** Outcome and reward; null before the end. */
  get result(): EpisodeVerdict | null {
    return this.verdict
  }

  /** Why the rollout ended; null where it has not. */
  get stop(): Trajectory['stop'] | null {
    return this.ended?.trajectory.stop ?? null
  }

  /**
   * Take a turn.
   * @throws ServiceError: 409 where the id stands for another turn or the episode is over, 429 where there is no room, 500 where the machine lost the episode.
   */
  async step({ id, reply, revise, signal }: TurnRequest): Promise<SessionTurn> {
    return this.calls.once({
      id,
      fingerprint: digest([JSON.stringify([reply.text, reply.toolCalls, reply.finishReason])]),
      signal,
      run: () => this.desk.admit(this.client, () => this.take({ reply, revise })),
    })
  }

  /** Score an episode that is over once more, with what its client tells only now. @returns the verdict; null before the end. */
  async rescore({
    revise,
  }: {
    revise: (trajectory: Trajectory) => Trajectory
  }): Promise<EpisodeVerdict | null> {
    if (this.ended === null || this.rescored) return this.verdict
    this.verdict = await this.desk.score(this.episode, revise(this.ended.trajectory))
    this.rescored = true
    return this.verdict
  }

  /** A call as the next turn: what a model would have written to ask for it. */
  async execute({ call, signal }: ExecuteInSession): Promise<Execution> {
    const { id, code, description, imageIndex, timeoutMs } = call
    if (timeoutMs !== undefined)
      throw new ServiceError({
        status: 400,
        code: 'bad_request',
        message:
          'timeout_ms: expected none, since calls of an episode have the deadline of its configuration.',
        hint: 'Leave it out; agent.timeoutSeconds says how long a call may run.',
      })
    const given = { code, ...(description !== undefined && { description }), image_index: imageIndex }
    const asked = { id, name: this.desk.toolName, arguments: JSON.stringify(given) }
    const turn = await this.step({ id, reply: replyOf({ toolCalls: [asked] }), signal })
    if (turn.status === 'open' && turn.execution !== null) return turn.execution
    throw new ServiceError({
      status: 409,
      code: 'call_not_run',
      message:
        turn.status === 'open'
          ? `The call was not run: ${textIn(turn)}`
          : `The call was not run: the episode ended with it (${turn.trajectory.stop}).`,
      hint: 'POST /v1/sessions/{id}/step tells what the model would be told.',
    })
  }

  async image(request: ImageOfSession): Promise<SandboxImage> {
    if (this.isOver) throw episodeOver(this)
    return this.held().image(request)
  }

  async close(reason: Error): Promise<void> {
    await this.episode.close(reason)
    await this.calls.abortAll(reason)
  }

  async abortCalls(reason: Error): Promise<void> {
    if (this.isBusy) await this.close(reason)
  }

  private async take({ reply, revise }: Pick<TurnRequest, 'reply' | 'revise'>) {
    if (this.verdict !== null) throw episodeOver(this)
    if (this.isTaking) throw turnUnderWay(this)
    this.isTaking = true
    try {
      return await this.taken({ reply, revise })
    } finally {
      this.isTaking = false
    }
  }

  private async taken({ reply, revise }: Pick<TurnRequest, 'reply' | 'revise'>) {
    const started = performance.now()
    const progress = this.ended ?? (await this.progress(reply))
    const seconds = (performance.now() - started) / 1000
    if (progress.status === 'open') {
      this.desk.stepped({ execution: progress.execution, seconds })
      return progress
    }
    // Kept: where the score fails (a judge that does not answer), the same turn sent again asks for it anew.
    this.ended = progress
    const verdict = await this.desk.score(this.episode, revise?.(progress.trajectory) ?? progress.trajectory)
    this.verdict = verdict
    this.rescored = revise !== undefined
    this.desk.stepped({ execution: null, seconds: (performance.now() - started) / 1000 })
    return { ...progress, verdict }
  }

  private async progress(reply: PolicyReply): Promise<EpisodeProgress> {
    try {
      return await this.episode.step(reply)
    } catch (error) {
      if (error instanceof ServiceError) throw error
      throw new ServiceError({
        status: 500,
        code: 'episode_lost',
        message: `The episode cannot go on: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
        hint: 'Begin another one. What the machine did wrong is no reward of 0: leave this rollout out.',
        cause: error,
      })
    }
  }

  /** The sandbox's session, as other sessions are kept. */
  private held(): ServiceSession {
    const { sandboxSession } = this.episode
    if (sandboxSession === undefined) throw new TypeError('an episode that has begun has a session')
    if (this.inner?.of !== sandboxSession) {
      const { id, client, profile } = this
      const { limits } = this.desk
      const session = new ServiceSession({ ...{ id, client, profile, limits }, session: sandboxSession })
      this.inner = { of: sandboxSession, session }
    }
    return this.inner.session
  }
}

/** A turn; nothing is counted where the client does not say. */
export function replyOf({
  text = '',
  toolCalls = [],
  finishReason = 'stop',
  usage = { promptTokens: 0, completionTokens: 0 },
}: Partial<PolicyReply>): PolicyReply {
  return { text, toolCalls, finishReason, usage }
}

function textIn({ messages }: OpenProgress): string {
  return messages
    .flatMap(({ content }) => content.map((part) => (part.type === 'text' ? part.text : '')))
    .join('')
}

function episodeOver({ id, stop }: EpisodeSession): ServiceError {
  return new ServiceError({
    status: 409,
    code: 'episode_over',
    message: `The episode ${id} is over${stop === null ? '' : ` (${stop})`}; expected no further turn.`,
    hint: 'Begin another one: reset, or POST /v1/sessions, or POST /seed_session.',
  })
}

function turnUnderWay({ id }: EpisodeSession): ServiceError {
  return new ServiceError({
    status: 409,
    code: 'turn_under_way',
    message: `The episode ${id} takes one turn at a time; another one is under way.`,
    hint: 'Wait for its answer first; to ask for it again, send the same call_id.',
  })
}
