import type { Execution } from '../../core/execution.js'
import type { SandboxImage } from '../../core/image.js'
import { textOf } from '../../core/message.js'
import type { PolicyReply } from '../../core/policy.js'
import type { SandboxProfile } from '../../core/sandbox.js'
import type { Task } from '../../core/task.js'
import type { Trajectory } from '../../core/trajectory.js'
import { RememberedCalls } from '../remembered-calls.js'
import { unlessAborted } from '../../core/unless-aborted.js'
import { ServiceError } from '../service-error.js'
import {
  digest,
  ServiceSession,
  type ExecuteInSession,
  type HeldSession,
  type ImageOfSession,
} from '../service-session.js'
import type { EndedProgress, Episode, EpisodeProgress, OpenProgress } from './episode.js'
import { episodeLost, episodeOver, turnUnderWay } from './episode-errors.js'
import { encodedBytes, keptTurn } from './kept-turn.js'
import type { EpisodeVerdict } from './score-episode.js'

/** What a turn came to; at the end, with what the episode is worth. */
export type SessionTurn = OpenProgress | (Omit<EndedProgress, 'files'> & { verdict: EpisodeVerdict })

/** What an episode's session needs of the service. */
export interface EpisodeDesk {
  limits: { imagesPerSession: number; callsPerSession: number }
  /** Assistant turns of an episode. */
  turnLimit: number
  /** Name of the tool, for calls that come as code. */
  toolName: string
  /** Take a turn in the queue. @throws ServiceError (429) where there is no room. */
  admit<Value>(client: string, action: () => Promise<Value>): Promise<Value>
  /** Told of each turn that was taken, its verdict aside. */
  stepped(step: { seconds: number }): void
  /** Told of each call that has run. */
  called(call: { execution: Execution; seconds: number }): void
  /** Told of an episode that the machine lost. */
  lost(): void
  /** Told of the first verdict of an episode. */
  ended(verdict: EpisodeVerdict): void
  /** @param asked.signal aborted when the episode is closed */
  score(asked: { task: Task; trajectory: Trajectory; signal: AbortSignal }): Promise<EpisodeVerdict>
}

export interface TurnRequest {
  /** The same again gets the same answer, and takes no turn. */
  id: string
  reply: PolicyReply
  /** What is to be scored in place of the trajectory; of clients that tell only at the end what the model wrote. */
  revise?: ((trajectory: Trajectory) => Trajectory) | undefined
  /** The answer is the execution of its call, rather than what the model is told. */
  toldExecution?: boolean
  /** Aborted when the client goes away; the turn is taken to its end nevertheless. */
  signal: AbortSignal
}

type Turn = Omit<TurnRequest, 'signal'>

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
  /** Calls whose answer was the execution. */
  private readonly toldExecutions = new Set<string>()
  /** Bytes of the files that answers were given with. */
  private answeredBytes: number
  private ended: Omit<EndedProgress, 'files'> | null = null
  private verdict: EpisodeVerdict | null = null
  private isTaking = false
  private rescored = false
  private rescoring: Promise<EpisodeVerdict> | undefined
  private inner: { of: unknown; session: ServiceSession } | undefined

  constructor({
    id,
    client,
    profile,
    episode,
    place,
    opening,
    openingBytes,
    desk,
  }: Pick<EpisodeSession, 'id' | 'client' | 'profile' | 'episode' | 'place' | 'opening'> & {
    /** Bytes of the files in the opening. */
    openingBytes: number
    desk: EpisodeDesk
  }) {
    this.id = id
    this.client = client
    this.profile = profile
    this.episode = episode
    this.place = place
    this.opening = opening
    this.answeredBytes = openingBytes
    this.desk = desk
    // As many as it has turns: what would end it is never one too many.
    this.calls = new RememberedCalls({ limit: Infinity })
  }

  get images(): readonly SandboxImage[] {
    return this.episode.sandboxSession?.images ?? []
  }

  get callCount(): number {
    return this.calls.size
  }

  get isBusy(): boolean {
    return this.calls.underWay > 0 || this.isTaking
  }

  get isOver(): boolean {
    return this.verdict !== null || this.episode.failure !== null
  }

  get heldBytes(): number {
    const hasPixels = this.ended === null && this.episode.failure === null
    return this.answeredBytes + (hasPixels ? this.held().heldBytes : 0)
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
  async step({ signal, ...turn }: TurnRequest): Promise<SessionTurn> {
    const { id, reply } = turn
    return this.calls.once({
      id,
      fingerprint: digest([JSON.stringify([reply.text, reply.toolCalls, reply.finishReason])]),
      signal,
      run: () => this.take(turn),
    })
  }

  /** Score an episode that has its verdict once more, with what its client tells only now. @returns the verdict; null before the end. */
  async rescore({
    revise,
  }: {
    revise: (trajectory: Trajectory) => Trajectory
  }): Promise<EpisodeVerdict | null> {
    const { ended, verdict } = this
    if (ended === null || verdict === null || this.rescored) return verdict
    // Sent again while it runs, it is the same.
    this.rescoring ??= this.alone(async () => {
      this.verdict = await this.score(revise(ended.trajectory))
      this.rescored = true
      return this.verdict
    }).finally(() => (this.rescoring = undefined))
    return this.rescoring
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
    const turn = await this.step({ id, reply: replyOf({ toolCalls: [asked] }), toldExecution: true, signal })
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

  private async take(turn: Turn): Promise<SessionTurn> {
    if (this.verdict !== null) throw episodeOver(this)
    return this.alone(() => this.taken(turn))
  }

  private async alone<Value>(action: () => Promise<Value>): Promise<Value> {
    if (this.isTaking) throw turnUnderWay(this)
    this.isTaking = true
    try {
      return await action()
    } finally {
      this.isTaking = false
    }
  }

  private async taken({ id, reply, revise, toldExecution }: Turn): Promise<SessionTurn> {
    const started = performance.now()
    const told = (): void => this.desk.stepped({ seconds: (performance.now() - started) / 1000 })
    // A judge is waited for without a place in the queue, which is that of the sandbox.
    const progress =
      this.ended === null ? await this.desk.admit(this.client, () => this.progress(reply)) : null
    if (progress?.status === 'open') {
      const { execution, executionSeconds, messages } = progress
      this.answeredBytes += await encodedBytes(messages)
      told()
      if (toldExecution === true) this.toldExecutions.add(id)
      if (execution !== null) this.desk.called({ execution, seconds: executionSeconds })
      return progress
    }
    // Kept: where the score fails (a judge that does not answer), the same turn sent again asks for it anew.
    if (progress !== null) {
      await this.end(progress)
      told()
    }
    const { ended } = this
    if (ended === null) throw new TypeError('expected an episode that has ended')
    const verdict = await this.score(revise?.(ended.trajectory) ?? ended.trajectory)
    this.verdict = verdict
    this.rescored = revise !== undefined
    this.desk.ended(verdict)
    return { ...ended, verdict }
  }

  private async progress(reply: PolicyReply): Promise<EpisodeProgress> {
    const isLost = this.episode.failure !== null
    try {
      return await this.episode.step(reply)
    } catch (error) {
      if (error instanceof ServiceError) throw error
      if (!isLost) this.desk.lost()
      throw episodeLost(error)
    }
  }

  /** @throws the reason of `close`, even where a judge goes on; what scoring throws. */
  private async score(trajectory: Trajectory): Promise<EpisodeVerdict> {
    const { task, signal } = this.episode
    signal.throwIfAborted()
    return unlessAborted(this.desk.score({ task, trajectory, signal }), signal)
  }

  /** Keep of the turns what answers are made from when they are asked for again. */
  private async end(ended: EndedProgress): Promise<void> {
    this.ended = { status: ended.status, trajectory: ended.trajectory }
    await this.calls.replaceAnswers(async (id, turn) => {
      if (turn.status === 'ended') return turn
      const kept = await keptTurn({ turn, ended, toldExecution: this.toldExecutions.has(id) })
      this.answeredBytes += kept.bytes
      return kept.turn
    })
  }

  /** The sandbox's session, as other sessions are kept. */
  private held(): ServiceSession {
    const { sandboxSession } = this.episode
    if (sandboxSession === undefined) throw new TypeError('an episode that has begun has a session')
    if (this.inner?.of !== sandboxSession) {
      const { id, client, profile } = this
      const { limits: given, turnLimit } = this.desk
      // Room for every image that it may come to, and a view of each.
      const most = 2 * (this.episode.task.images.length + turnLimit)
      const limits = { ...given, imagesPerSession: Math.max(given.imagesPerSession, most) }
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
  return messages.map(textOf).join('')
}
