import { rollout, type RolloutRequest } from '../../agent/rollout.js'
import type { Execution } from '../../core/execution.js'
import { textOf, type Message, type NativeToolCall } from '../../core/message.js'
import type { Policy, PolicyReply, PolicyRequest } from '../../core/policy.js'
import type { AdmitImage, Sandbox, SandboxSession } from '../../core/sandbox.js'
import type { Task } from '../../core/task.js'
import type { Trajectory } from '../../core/trajectory.js'
import { repeated, type Retries } from '../../evaluation/run/run-sample.js'
import type { AgentSettings } from '../../evaluation/run/agent-settings.js'
import { Deferred } from '../../core/deferred.js'

export interface EpisodeParameters {
  task: Task
  sandbox: Sandbox
  /** Prompt, tools, views, limits: the rules of the rollout. */
  agent: AgentSettings
  /** Whose it is to the tools of the sandbox. */
  user?: string | undefined
  /** Asked once of each of the task's images; where the sandbox failed since, they come back unasked. */
  admit?: AdmitImage | undefined
  /** The rollout is made again, with the turns that were taken, where the sandbox failed. */
  retries?: Retries
}

/** Where an episode stands after a turn. */
export type EpisodeProgress = OpenProgress | EndedProgress

/** The model's turn. */
export interface OpenProgress {
  status: 'open'
  /** What the model is told since its last turn: in the beginning the prompt and the question, then the answer to its call. */
  messages: readonly Message[]
  /** Assistant turns that were taken. */
  turns: number
  /** What the call of the last turn came to; null where none was run. */
  execution: Execution | null
  /** From the arrival of the turn to the verdict of its call, waiting included; 0 where none was run. */
  executionSeconds: number
}

export interface EndedProgress {
  status: 'ended'
  trajectory: Trajectory
  /** PNG files of the trajectory's images and views, by SHA-256. */
  files: ReadonlyMap<string, () => Promise<Buffer>>
}

const RETRIES: Retries = { count: 2, delayMs: 200 }

/**
 * One rollout whose model is somewhere else: the rollout of this project itself, with a policy that waits for the turns that are handed in. So turn limit, reading of
 * calls, feedback and end are those of every other rollout here.
 */
export class Episode {
  readonly task: Task
  private readonly abort = new AbortController()
  /** Turns that were handed in, in their order. */
  private readonly given: PolicyReply[] = []
  /** Texts that answered calls, those included that could not be run. */
  readonly answers: string[] = []
  /** Messages that were told. */
  private told = 0
  private execution: Execution | null = null
  private executionSeconds = 0
  /** When the last turn came. */
  private askedAt = 0
  private session: SandboxSession | undefined
  /** Takes the turn that the rollout waits for; null: it does not wait. */
  private take: ((reply: PolicyReply) => void) | null = null
  private upcoming = new Deferred<EpisodeProgress>()
  /** Why it cannot go on. */
  private failed: Error | null = null
  private readonly settled: Promise<void>

  private constructor({ task, sandbox, agent, user, admit, retries = RETRIES }: EpisodeParameters) {
    this.task = task
    const { signal } = this.abort
    const request: RolloutRequest = {
      ...{ task, ...agent, signal },
      policy: this.policy(),
      sandbox: this.observed({ sandbox, user, admit }),
      onEvent: (event) => {
        if (event.type === 'turn-started') return
        if (event.type === 'text') this.execution = null
        if (event.type !== 'execution') return
        this.execution = event.execution
        this.executionSeconds = (performance.now() - this.askedAt) / 1000
      },
    }
    this.settled = repeated({ retries, signal, attempt: () => rollout(request) }).then(
      ({ trajectory, images: files }) => {
        this.upcoming.resolve({ status: 'ended', trajectory, files })
        // Whoever waits has it; kept here, its images would last as long as the episode is remembered.
        this.upcoming = new Deferred<EpisodeProgress>()
        this.execution = null
      },
      (error: unknown) => {
        this.failed = (signal.aborted ? signal.reason : error) as Error
        this.upcoming.reject(this.failed)
      },
    )
  }

  /**
   * Begin an episode.
   * @returns it, and what the model is told first
   * @throws UsageError for images that cannot be decoded; SandboxError; what `parameters.admit` throws.
   */
  static async begin(parameters: EpisodeParameters): Promise<{ episode: Episode; opening: EpisodeProgress }> {
    const episode = new Episode(parameters)
    try {
      return { episode, opening: await episode.upcoming.promise }
    } catch (error) {
      await episode.close(new Error('it did not begin'))
      throw error
    }
  }

  /** The sandbox's session of the rollout; undefined before it is open. Closed when the rollout has ended. */
  get sandboxSession(): SandboxSession | undefined {
    return this.session
  }

  /** Aborted by `close`, with its reason. */
  get signal(): AbortSignal {
    return this.abort.signal
  }

  /** Why it cannot go on: what failed, or the reason of `close`; null where nothing hinders it. */
  get failure(): Error | null {
    return this.failed
  }

  /** Assistant turns that were taken. */
  get turns(): number {
    return this.given.length
  }

  /** The calls that came outside of the text, the first of each turn that was taken, in their order. */
  get asked(): readonly NativeToolCall[] {
    return this.given.flatMap(({ toolCalls }) => toolCalls.slice(0, 1))
  }

  /**
   * Take a turn. One at a time, and none after the end.
   * @throws SandboxError for what the machine did wrong; the reason of `close`.
   */
  async step(reply: PolicyReply): Promise<EpisodeProgress> {
    const { take } = this
    if (this.failed !== null) throw this.failed
    if (take === null) throw new TypeError('an episode takes one turn at a time, and none after its end')
    this.take = null
    this.upcoming = new Deferred<EpisodeProgress>()
    this.given.push(reply)
    this.askedAt = performance.now()
    const { promise } = this.upcoming
    take(reply)
    return promise
  }

  /** End it, and what runs in it; resolves when nothing of it is left. */
  async close(reason: Error): Promise<void> {
    this.abort.abort(reason)
    await this.settled
  }

  private policy(): Policy {
    return { name: 'client', model: 'client', next: (request) => this.next(request) }
  }

  private async next({ turn, messages, signal }: PolicyRequest): Promise<PolicyReply> {
    const known = this.given[turn]
    if (known !== undefined) return known
    signal.throwIfAborted()
    const told = messages.slice(this.told).filter(({ role }) => role !== 'assistant')
    this.told = messages.length
    this.answers.push(...told.filter(({ role }) => role === 'tool').map(textOf))
    return new Promise<PolicyReply>((resolve, reject) => {
      const onAbort = (): void => {
        this.take = null
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.take = (given) => {
        signal.removeEventListener('abort', onAbort)
        resolve(given)
      }
      const { execution } = this
      const executionSeconds = execution === null ? 0 : this.executionSeconds
      this.upcoming.resolve({ status: 'open', messages: told, turns: turn, execution, executionSeconds })
    })
  }

  /** The same sandbox; its session is the user's, and is looked at from here. */
  private observed({ sandbox, user, admit }: Pick<EpisodeParameters, 'sandbox' | 'user' | 'admit'>): Sandbox {
    /** Images that were admitted, of the task's in their order. */
    let admitted = 0
    return {
      profile: sandbox.profile,
      versions: () => sandbox.versions(),
      close: () => sandbox.close(),
      open: async (images, options) => {
        let seen = 0
        const admitNew: AdmitImage = (image) => {
          if (++seen <= admitted) return
          try {
            admit?.(image)
          } catch (error) {
            // It is for the client to try again.
            this.abort.abort(error)
            throw error
          }
          admitted = seen
        }
        const ours = { admit: admitNew, ...(user !== undefined && { user }) }
        this.session = await sandbox.open(images, { ...options, ...ours })
        return this.session
      },
    }
  }
}
