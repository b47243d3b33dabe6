import { randomUUID } from 'node:crypto'
import { expectShallow } from '../expect-shallow.js'
import { readRequest } from '../read-request.js'
import { ServiceError } from '../service-error.js'
import { replyOfAction } from './action.js'
import type { Environment, EnvironmentAnswer } from './environment.js'
import { ended } from './episode-errors.js'
import type { EpisodeSession } from './episode-session.js'
import { describeTask } from './observation.js'
import { openEnvError, type OpenEnvError } from './openenv-errors.js'
import { MESSAGES, type ClientMessage, type EpisodeState } from './openenv-messages.js'

/** What the service sends over /ws. */
export type ServerMessage =
  { type: 'observation'; data: EnvironmentAnswer } | { type: 'state'; data: EpisodeState } | OpenEnvError

/** What one connection of OpenEnv asks for, message by message: an episode at a time. It survives every wrong message. */
export class OpenEnvSession {
  private readonly environment: Environment
  private readonly client: string
  private readonly onError: (error: unknown, message: OpenEnvError) => void
  private episode: EpisodeSession | null = null
  /** Why nothing more is to be begun. */
  private left: Error | null = null

  constructor({
    environment,
    client,
    onError,
  }: {
    environment: Environment
    client: string
    /** Told of every error that is answered. */
    onError: (error: unknown, message: OpenEnvError) => void
  }) {
    this.environment = environment
    this.client = client
    this.onError = onError
  }

  /** @returns the answer; null: the client says goodbye. */
  async answer(text: string): Promise<ServerMessage | null> {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return this.refuse(
        new ServiceError({
          ...{ status: 400, code: 'bad_json', cause: error },
          message: `Expected one JSON object, got text that is none: ${why}.`,
          hint: 'Send {"type": "reset" | "step" | "state" | "close", "data": {…}}.',
        }),
        'INVALID_JSON',
      )
    }
    try {
      expectShallow(value)
      const type = typeOf(value)
      if (type === null) return this.refuse(unknownType(value), 'UNKNOWN_TYPE')
      return await this.handle(readRequest(MESSAGES[type], value))
    } catch (error) {
      return this.refuse(error)
    }
  }

  /** The client is gone: end its episode, and one that is just being begun. */
  async leave(reason: Error): Promise<void> {
    this.left = reason
    await this.close(reason)
  }

  private async close(reason: Error): Promise<void> {
    const { episode } = this
    this.episode = null
    if (episode !== null) await this.environment.end(episode, reason)
  }

  private async handle(message: ClientMessage): Promise<ServerMessage | null> {
    switch (message.type) {
      case 'reset': {
        const { episode_id: id, task, seed } = message.data
        const { environment, client, episode } = this
        const choice = { task: task ?? undefined, seed: seed ?? undefined }
        environment.tasks.expect(choice)
        // The one that runs goes when another one has begun, since that may be refused; under the same id there is one at a time.
        if (id === episode?.id) await this.close(another())
        const { session, isNew } = await environment.begin({
          ...{ face: 'openenv', client, choice, replaces: this.episode },
          id: id ?? randomUUID(),
        })
        if (!isNew) throw taken(session.id)
        await this.close(another())
        this.episode = session
        if (this.left !== null) await this.close(this.left)
        return { type: 'observation', data: await environment.opening(session) }
      }
      case 'step': {
        const session = this.expectEpisode()
        const { call_id: id = randomUUID() } = message.data
        const reply = replyOfAction({ action: message.data, toolName: this.environment.toolName, id })
        const { signal } = new AbortController()
        return { type: 'observation', data: await this.environment.step({ session, id, reply, signal }) }
      }
      case 'state':
        return { type: 'state', data: stateOf(this.environment, this.episode) }
      case 'close':
        return null
    }
  }

  private expectEpisode(): EpisodeSession {
    const { episode, client, environment } = this
    if (episode === null)
      throw new ServiceError({
        status: 409,
        code: 'no_episode',
        message: 'step: expected an episode that was begun before, got none over this connection.',
        hint: 'Send {"type": "reset"} first.',
      })
    // Renews its lease.
    if (environment.peek(episode) === episode) return environment.find({ client, id: episode.id })
    this.episode = null
    throw ended('nobody used it for the length of its lease, or its client ended it')
  }

  private refuse(error: unknown, code?: OpenEnvError['data']['code']): OpenEnvError {
    const message = openEnvError(error, code)
    this.onError(error, message)
    return message
  }
}

/** What is told of an episode; of none, what there is without one. */
export function stateOf(environment: Environment, session: EpisodeSession | null): EpisodeState {
  const { tasks, turnLimit } = environment
  const turns = session?.episode.turns ?? 0
  return {
    episode_id: session?.id ?? null,
    step_count: turns,
    done: session?.isOver ?? false,
    task: session === null ? null : describeTask({ task: session.episode.task, place: session.place }),
    tasks: tasks.count,
    images: (session?.images ?? []).map(({ width, height }, index) => ({ index, width, height })),
    turns_left: session?.isOver === true ? 0 : Math.max(0, turnLimit - turns),
    stop: session?.stop ?? null,
    reward: session?.result?.reward.total ?? null,
  }
}

const another = (): ServiceError => ended('another episode was begun over the same connection')

function taken(id: string): ServiceError {
  return new ServiceError({
    status: 409,
    code: 'session_exists',
    message: `episode_id ${id} stands for an episode that is open elsewhere.`,
    hint: 'Choose another id for each rollout, or none.',
  })
}

function typeOf(value: unknown): ClientMessage['type'] | null {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  return typeof type === 'string' && Object.hasOwn(MESSAGES, type) ? (type as ClientMessage['type']) : null
}

function unknownType(value: unknown): ServiceError {
  const got =
    typeof value === 'object' && value !== null && 'type' in value
      ? JSON.stringify(value.type)?.slice(0, 80)
      : `${JSON.stringify(value)?.slice(0, 80)} without one`
  return new ServiceError({
    status: 400,
    code: 'unknown_type',
    message: `type: expected one of ${Object.keys(MESSAGES).join(', ')}, got ${got}.`,
    hint: 'Send {"type": "reset" | "step" | "state" | "close", "data": {…}}.',
  })
}
