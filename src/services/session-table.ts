import { randomUUID } from 'node:crypto'
import { UsageError } from '../core/errors.js'
import type { Sandbox, SandboxProfile } from '../core/sandbox.js'
import { ServiceError } from './service-error.js'
import type { ServiceLimits } from './service-limits.js'
import { digest, ServiceSession } from './service-session.js'

export interface SessionTableParameters {
  limits: ServiceLimits
  /** How long a session lives that nobody uses. */
  leaseMs: number
  /** Milliseconds of a clock that never goes back. */
  now: () => number
  onExpired: (count: number) => void
  /** A session of which something may be left. */
  onCloseFailed: (error: unknown) => void
}

export interface OpenSession {
  client: string
  /** The client's own name for the session; one is made where there is none. */
  id: string | undefined
  images: readonly Buffer[]
  profile: SandboxProfile
  sandbox: Sandbox
  /** Aborted when the client goes away. */
  signal: AbortSignal
}

interface Entry {
  client: string
  /** Of images and profile: the same id with others is a mistake. */
  fingerprint: string
  session: Promise<ServiceSession>
  /** Undefined while it is opened. */
  opened: ServiceSession | undefined
  expiresAt: number
}

/** The sessions of a service by client and id. A request renews a session's lease; one whose lease is over is closed at the next look. */
export class SessionTable {
  private readonly parameters: SessionTableParameters
  /** In the order in which their leases end. */
  private readonly entries = new Map<string, Entry>()
  private readonly closing = new Set<Promise<void>>()

  constructor(parameters: SessionTableParameters) {
    this.parameters = parameters
  }

  get size(): number {
    this.sweep()
    return this.entries.size
  }

  get heldBytes(): number {
    let sum = 0
    for (const { opened } of this.entries.values()) sum += opened?.heldBytes ?? 0
    return sum
  }

  /**
   * Open a session, or find the one that was opened by the same request before.
   * @throws ServiceError: 409 where the id stands for other images, 422 for an image that is none, 429 where there is no room.
   */
  async open({
    client,
    id = randomUUID(),
    images,
    profile,
    sandbox,
    signal,
  }: OpenSession): Promise<{ session: ServiceSession; isNew: boolean }> {
    this.sweep()
    const key = keyOf(client, id)
    const fingerprint = digest([profile, ...images])
    const known = this.entries.get(key)
    if (known) {
      if (known.fingerprint !== fingerprint)
        throw new ServiceError({
          status: 409,
          code: 'session_exists',
          message: `Session ${id} is open with other images or another profile.`,
          hint: 'End it first (DELETE /v1/sessions/{id}), or choose another id.',
        })
      this.renew(key, known)
      return { session: await known.session, isNew: false }
    }
    this.expectRoom(client, images.length)
    const entry: Entry = {
      client,
      fingerprint,
      opened: undefined,
      expiresAt: Infinity,
      session: this.start({ client, id, images, profile, sandbox, signal }),
    }
    this.entries.set(key, entry)
    try {
      const session = await entry.session
      entry.opened = session
      this.renew(key, entry)
      return { session, isNew: true }
    } catch (error) {
      this.entries.delete(key)
      throw error
    }
  }

  /** The session of that id; its lease begins anew. @throws ServiceError (404). */
  find({ client, id }: { client: string; id: string }): ServiceSession {
    this.sweep()
    const key = keyOf(client, id)
    const entry = this.entries.get(key)
    if (!entry?.opened)
      throw new ServiceError({
        status: 404,
        code: 'no_such_session',
        message: `There is no session ${id.slice(0, 128)}: it was never opened, was ended, or nobody used it for ${this.parameters.leaseMs / 1000} s.`,
        hint: 'Open one with POST /v1/sessions.',
      })
    this.renew(key, entry)
    return entry.opened
  }

  /** End a session. Resolves when nothing of it is left. */
  async close({ client, id, reason }: { client: string; id: string; reason: Error }): Promise<void> {
    const session = this.find({ client, id })
    this.entries.delete(keyOf(client, id))
    await this.finish(session, reason)
  }

  /** End every call that runs, so that what waits for them is answered. */
  async abortCalls(reason: Error): Promise<void> {
    await Promise.all([...this.entries.values()].map(async ({ opened }) => opened?.abortCalls(reason)))
  }

  async closeAll(reason: Error): Promise<void> {
    const entries = [...this.entries.values()]
    this.entries.clear()
    for (const { session } of entries)
      this.track(
        session.then(
          (opened) => opened.close(reason),
          () => undefined,
        ),
      )
    await Promise.all(this.closing)
  }

  /** Close what nobody used for the length of a lease. A session with a call under way is in use. */
  sweep(): void {
    const now = this.parameters.now()
    let expired = 0
    for (const [key, entry] of this.entries) {
      if (entry.opened === undefined) continue
      if (entry.expiresAt > now) break
      if (entry.opened.isBusy) {
        this.renew(key, entry)
        continue
      }
      this.entries.delete(key)
      expired += 1
      void this.finish(
        entry.opened,
        new ServiceError({
          status: 404,
          code: 'no_such_session',
          message: 'The lease of the session is over.',
          hint: 'Open another one with POST /v1/sessions.',
        }),
      )
    }
    if (expired > 0) this.parameters.onExpired(expired)
  }

  private async start({
    client,
    id,
    images,
    profile,
    sandbox,
    signal,
  }: OpenSession & { id: string }): Promise<ServiceSession> {
    try {
      const session = await sandbox.open(images, { signal })
      return new ServiceSession({ id, client, profile, session, limits: this.parameters.limits })
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      throw new ServiceError({
        status: 422,
        code: 'bad_image',
        message: error.message,
        hint: 'Send image files that Pillow can read, within the size limits of the sandbox.',
        cause: error,
      })
    }
  }

  private renew(key: string, entry: Entry): void {
    entry.expiresAt = this.parameters.now() + this.parameters.leaseMs
    this.entries.delete(key)
    this.entries.set(key, entry)
  }

  private async finish(session: ServiceSession, reason: Error): Promise<void> {
    await this.track(session.close(reason))
  }

  private track(closing: Promise<void>): Promise<void> {
    const settled = closing
      .catch((error: unknown) => this.parameters.onCloseFailed(error))
      .finally(() => this.closing.delete(settled))
    this.closing.add(settled)
    return settled
  }

  private expectRoom(client: string, images: number): void {
    const { limits, leaseMs } = this.parameters
    const mine = [...this.entries.values()].filter((entry) => entry.client === client).length
    const refuse = (code: string, message: string): ServiceError =>
      new ServiceError({
        status: 429,
        code,
        message,
        hint: 'End sessions that are done (DELETE /v1/sessions/{id}), or try again after Retry-After seconds.',
        retryAfterSeconds: Math.max(1, Math.min(30, Math.ceil(leaseMs / 1000))),
      })
    if (mine >= limits.sessionsPerClient)
      throw refuse(
        'too_many_sessions_of_client',
        `This client has ${mine} sessions open; ${limits.sessionsPerClient} are allowed.`,
      )
    if (this.entries.size >= limits.sessions)
      throw refuse(
        'too_many_sessions',
        `${this.entries.size} sessions are open; ${limits.sessions} are allowed.`,
      )
    if (images > limits.imagesPerSession)
      throw new ServiceError({
        status: 400,
        code: 'too_many_images',
        message: `images: expected at most ${limits.imagesPerSession}, got ${images}.`,
        hint: 'Open the session with fewer images, or raise the limit of the service (--images-per-session).',
      })
  }
}

function keyOf(client: string, id: string): string {
  return `${client}\n${id}`
}
