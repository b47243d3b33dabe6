import { randomUUID } from 'node:crypto'
import { expectMemory } from './expect-memory.js'
import { ServiceError } from './service-error.js'
import type { ServiceLimits } from './service-limits.js'

/** What a table keeps. */
export interface LeasedSession {
  /** Bytes of images: pixels, views included, and files that answers were given with. */
  readonly heldBytes: number
  /** With a call under way it is in use, whatever its lease. */
  readonly isBusy: boolean
  /** Nothing more will be done in it, so that it may go where its place is needed; what it answered is remembered until then. */
  readonly isOver: boolean
  /** End it, and what runs in it; who waits for that gets the reason. */
  close(reason: Error): Promise<void>
  abortCalls(reason: Error): Promise<void>
}

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

/**
 * Take so many bytes more for the session that is opened, before it holds them: whoever opens one at the same time finds them taken.
 * @throws ServiceError (429) where the others hold as many as they may; of a session that was ended meanwhile, the reason.
 */
export type Reserve = (bytes: number) => void

export interface OpenSession<Session> {
  client: string
  /** The client's own name for the session; one is made where there is none. */
  id: string | undefined
  /** Of what it is opened with: the same id with something else is a mistake. */
  fingerprint: string
  /** How many images it is opened with. */
  images: number
  /** @param reserve to be asked for all that the session holds when it is open. */
  start: (id: string, reserve: Reserve) => Promise<Session>
  /** Id of a session of the same client that is ended once this one is open, and so does not count beside it. */
  replaces?: string | undefined
}

interface Entry<Session> {
  client: string
  fingerprint: string
  session: Promise<Session>
  /** Undefined while it is opened. */
  opened: Session | undefined
  opening: Opening
  expiresAt: number
}

/** A session that is opened. */
interface Opening {
  /** Taken so far. */
  bytes: number
  /** Why it was ended meanwhile. */
  ended: Error | undefined
}

/** The sessions of a service by client and id. A request renews a session's lease; one whose lease is over is closed at the next look. */
export class SessionTable<Session extends LeasedSession> {
  private readonly parameters: SessionTableParameters
  /** In the order in which their leases end. */
  private readonly entries = new Map<string, Entry<Session>>()
  /** Those that were ended meanwhile, too: they hold what they have taken until they notice. */
  private readonly openings = new Set<Opening>()
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
    for (const { bytes } of this.openings) sum += bytes
    return sum
  }

  /** Close sessions that are over, those first that were used longest ago, until all hold less than so many bytes. @returns what they hold then. */
  dropUntil({ heldBytes: limit }: { heldBytes: number }): number {
    let sum = this.heldBytes
    for (const [key, entry] of this.entries) {
      const { opened } = entry
      if (sum < limit) break
      if (opened?.isOver !== true || opened.isBusy || opened.heldBytes === 0) continue
      sum -= opened.heldBytes
      this.drop(key, entry)
    }
    return sum
  }

  /**
   * Open a session, or find the one that was opened by the same request before.
   * @throws ServiceError: 409 where the id stands for something else, 429 where there is no room; what `start` throws; where it is ended meanwhile, the reason.
   */
  async open({
    client,
    id = randomUUID(),
    fingerprint,
    images,
    start,
    replaces,
  }: OpenSession<Session>): Promise<{ session: Session; isNew: boolean }> {
    this.sweep()
    const key = keyOf(client, id)
    const known = this.entries.get(key)
    if (known) {
      if (known.fingerprint !== fingerprint)
        throw new ServiceError({
          status: 409,
          code: 'session_exists',
          message: `Session ${id} is open with something else: other images, another task or another profile.`,
          hint: 'End it first (DELETE /v1/sessions/{id}), or choose another id.',
        })
      this.renew(key, known)
      return { session: await openedIn(known), isNew: false }
    }
    const { limits } = this.parameters
    expectMemory({ sessions: this, limits })
    this.expectRoom({ client, images, replaces })
    const opening: Opening = { bytes: 0, ended: undefined }
    const reserve: Reserve = (bytes) => {
      if (opening.ended !== undefined) throw opening.ended
      expectMemory({ sessions: this, limits, own: opening.bytes })
      opening.bytes += bytes
    }
    this.openings.add(opening)
    const session = start(id, reserve)
    const entry: Entry<Session> = {
      ...{ client, fingerprint, session, opening },
      opened: undefined,
      expiresAt: Infinity,
    }
    this.entries.set(key, entry)
    try {
      entry.opened = await openedIn(entry)
      this.renew(key, entry)
      return { session: entry.opened, isNew: true }
    } catch (error) {
      // Another one may have been opened under the id of one that was ended.
      if (this.entries.get(key) === entry) this.entries.delete(key)
      throw error
    } finally {
      this.openings.delete(opening)
    }
  }

  /** The session of that id; its lease begins anew. @throws ServiceError (404). */
  find({ client, id }: { client: string; id: string }): Session {
    this.sweep()
    const key = keyOf(client, id)
    const entry = this.entries.get(key)
    if (!entry?.opened) throw this.noSession(id)
    this.renew(key, entry)
    return entry.opened
  }

  /** The session of that id, its lease as it was; undefined where there is none that is open. */
  peek({ client, id }: { client: string; id: string }): Session | undefined {
    return this.entries.get(keyOf(client, id))?.opened
  }

  /** End a session, also one that is just opened. Resolves when nothing of it is left. @throws ServiceError (404). */
  async close({ client, id, reason }: { client: string; id: string; reason: Error }): Promise<void> {
    this.sweep()
    if (!this.entries.has(keyOf(client, id))) throw this.noSession(id)
    await this.release({ client, id, reason })
  }

  /** The same, where one that has gone already is no error. */
  async release({ client, id, reason }: { client: string; id: string; reason: Error }): Promise<void> {
    const key = keyOf(client, id)
    const entry = this.entries.get(key)
    if (entry === undefined) return
    this.entries.delete(key)
    await this.finish(entry, reason)
  }

  /** End every call that runs, so that what waits for them is answered. */
  async abortCalls(reason: Error): Promise<void> {
    await Promise.all([...this.entries.values()].map(async ({ opened }) => opened?.abortCalls(reason)))
  }

  async closeAll(reason: Error): Promise<void> {
    const entries = [...this.entries.values()]
    this.entries.clear()
    for (const entry of entries) void this.finish(entry, reason)
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
        entry,
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

  private renew(key: string, entry: Entry<Session>): void {
    entry.expiresAt = this.parameters.now() + this.parameters.leaseMs
    this.entries.delete(key)
    this.entries.set(key, entry)
  }

  /** Of one that is just opened, whoever waits for that gets the reason. */
  private async finish(entry: Entry<Session>, reason: Error): Promise<void> {
    if (entry.opened === undefined) entry.opening.ended = reason
    // Where it could not be opened there is nothing to close, and its opener is told why.
    const closing = entry.session.then(
      (session) => session.close(reason),
      () => undefined,
    )
    await this.track(closing)
  }

  private track(closing: Promise<void>): Promise<void> {
    const settled = closing
      .catch((error: unknown) => this.parameters.onCloseFailed(error))
      .finally(() => this.closing.delete(settled))
    this.closing.add(settled)
    return settled
  }

  /** The session that has been over for longest gives its place. */
  private makeRoom(isEligible: (entry: Entry<Session>) => boolean): void {
    for (const [key, entry] of this.entries) {
      const { opened } = entry
      if (opened?.isOver !== true || opened.isBusy || !isEligible(entry)) continue
      return this.drop(key, entry)
    }
  }

  private drop(key: string, entry: Entry<Session>): void {
    this.entries.delete(key)
    void this.finish(entry, new Error('its place was needed'))
  }

  private noSession(id: string): ServiceError {
    return new ServiceError({
      status: 404,
      code: 'no_such_session',
      message: `There is no session ${id.slice(0, 128)}: it was never opened, was ended, or nobody used it for ${this.parameters.leaseMs / 1000} s.`,
      hint: 'Open one with POST /v1/sessions.',
    })
  }

  private expectRoom({
    client,
    images,
    replaces,
  }: Pick<OpenSession<Session>, 'client' | 'images' | 'replaces'>): void {
    const { limits, leaseMs } = this.parameters
    const leaving = replaces === undefined ? undefined : this.entries.get(keyOf(client, replaces))
    const isMine = (entry: Entry<Session>): boolean => entry.client === client && entry !== leaving
    const count = (): number => [...this.entries.values()].filter(isMine).length
    const countAll = (): number => this.entries.size - (leaving === undefined ? 0 : 1)
    if (count() >= limits.sessionsPerClient) this.makeRoom(isMine)
    if (countAll() >= limits.sessions) this.makeRoom((entry) => entry !== leaving)
    const mine = count()
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
    if (countAll() >= limits.sessions)
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

/** The session once it is open. @throws why it could not be opened, or was ended meanwhile. */
async function openedIn<Session>(entry: Entry<Session>): Promise<Session> {
  const session = await entry.session
  if (entry.opening.ended !== undefined) throw entry.opening.ended
  return session
}
