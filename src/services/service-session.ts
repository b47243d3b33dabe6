import { createHash } from 'node:crypto'
import type { Execution } from '../core/execution.js'
import { pixelBytes, type SandboxImage } from '../core/image.js'
import type { SandboxProfile, SandboxSession } from '../core/sandbox.js'
import { RememberedCalls } from './remembered-calls.js'
import type { ViewBounds } from './requests.js'
import { ServiceError } from './service-error.js'
import type { LeasedSession } from './session-table.js'

export interface ServiceSessionParameters {
  id: string
  client: string
  profile: SandboxProfile
  session: SandboxSession
  limits: { imagesPerSession: number; callsPerSession: number }
}

export interface SessionCall {
  id: string
  code: string
  description?: string | undefined
  imageIndex: number
  timeoutMs?: number | undefined
}

/** What the routes under /v1/sessions need of a session. */
export interface HeldSession extends LeasedSession {
  readonly id: string
  readonly client: string
  readonly profile: SandboxProfile
  readonly images: readonly SandboxImage[]
  readonly callCount: number
  execute(request: ExecuteInSession): Promise<Execution>
  image(request: ImageOfSession): Promise<SandboxImage>
}

export interface ExecuteInSession {
  call: SessionCall
  /** Aborted when the client goes away. */
  signal: AbortSignal
  /** A view of the result is asked for next, which takes a place too. */
  isViewed?: boolean
  /** Puts the run where it belongs in the queue. */
  run: (action: () => Promise<Execution>) => Promise<Execution>
}

export interface ImageOfSession {
  index: number
  /** Of the view; undefined: the image itself. */
  bounds: ViewBounds | undefined
  run: (action: () => Promise<SandboxImage>) => Promise<SandboxImage>
}

/** One rollout's session as the service keeps it: the sandbox's own, the answers given, the views made. */
export class ServiceSession implements HeldSession {
  readonly id: string
  readonly client: string
  readonly profile: SandboxProfile
  private readonly session: SandboxSession
  private readonly limits: ServiceSessionParameters['limits']
  private readonly calls: RememberedCalls<Execution>
  private readonly views = new Map<string, Promise<SandboxImage>>()
  /** Views beside the images themselves. */
  private viewCount = 0
  private viewedBytes = 0
  private imageBytes = 0
  /** Of images and views that are being made. */
  private comingBytes = 0
  private counted = 0

  constructor({ id, client, profile, session, limits }: ServiceSessionParameters) {
    this.id = id
    this.client = client
    this.profile = profile
    this.session = session
    this.limits = limits
    this.calls = new RememberedCalls({ limit: limits.callsPerSession })
  }

  get images(): readonly SandboxImage[] {
    return this.session.images
  }

  get callCount(): number {
    return this.calls.size
  }

  get isBusy(): boolean {
    return this.calls.underWay > 0
  }

  /** A client may go on as long as it is open. */
  get isOver(): boolean {
    return false
  }

  get heldBytes(): number {
    // Images are only ever added.
    for (const image of this.session.images.slice(this.counted)) this.imageBytes += pixelBytes(image)
    this.counted = this.session.images.length
    return this.imageBytes + this.viewedBytes + this.comingBytes
  }

  /** Run a call once, however often it is sent. */
  async execute({ call, signal, isViewed = false, run }: ExecuteInSession): Promise<Execution> {
    const { id, code, description, imageIndex, timeoutMs } = call
    return this.calls.once({
      id,
      fingerprint: digest([code, imageIndex, timeoutMs ?? null]),
      signal,
      run: async (aborted) => {
        // This call is one of those under way.
        this.expectRoom({ asked: isViewed ? 2 : 1, others: this.calls.underWay - 1 })
        return run(() =>
          this.taking(imageIndex, () =>
            this.session.execute(
              { code, imageIndex, ...(description !== undefined && { description }) },
              { signal: aborted, ...(timeoutMs !== undefined && { timeoutMs }) },
            ),
          ),
        )
      },
    })
  }

  /**
   * An image, or the view of it within the bounds; a view is made once and kept.
   * @throws ServiceError (404) where there is no such image.
   */
  async image({ index, bounds, run }: ImageOfSession): Promise<SandboxImage> {
    const image = this.session.images[index]
    if (!image)
      throw new ServiceError({
        status: 404,
        code: 'no_such_image',
        message: `Session ${this.id} has ${this.session.images.length} images, numbered from 0; there is no image ${index}.`,
        hint: 'GET /v1/sessions/{id} lists them.',
      })
    if (bounds === undefined) return image
    const key = `${index} ${bounds.min_pixels} ${bounds.max_pixels}`
    const known = this.views.get(key)
    if (known) return known
    this.expectRoom({ asked: 1, others: this.calls.underWay })
    const view = run(() =>
      this.taking(index, () =>
        this.session.view(index, { minPixels: bounds.min_pixels, maxPixels: bounds.max_pixels }),
      ),
    )
    this.views.set(key, view)
    this.viewCount += 1
    try {
      const made = await view
      // One that is the image itself takes no place.
      if (this.session.images.includes(made)) this.viewCount -= 1
      else this.viewedBytes += pixelBytes(made)
    } catch (error) {
      this.views.delete(key)
      this.viewCount -= 1
      throw error
    }
    return view
  }

  async close(reason: Error): Promise<void> {
    await this.calls.abortAll(reason)
    await Promise.allSettled(this.views.values())
    await this.session.close()
  }

  async abortCalls(reason: Error): Promise<void> {
    await this.calls.abortAll(reason)
  }

  /** Do what makes something of an image. It takes as much, as a rule, and counts meanwhile. */
  private async taking<T>(index: number, action: () => Promise<T>): Promise<T> {
    const image = this.session.images[index]
    const bytes = image === undefined ? 0 : pixelBytes(image)
    this.comingBytes += bytes
    try {
      return await action()
    } finally {
      this.comingBytes -= bytes
    }
  }

  /** @param room.others calls under way, each of which may leave an image */
  private expectRoom({ asked, others }: { asked: number; others: number }): void {
    const { imagesPerSession } = this.limits
    const { length: held } = this.session.images
    if (held + this.viewCount + others + asked <= imagesPerSession) return
    const coming = others === 0 ? '' : `, and ${others} more may come of calls under way`
    throw new ServiceError({
      status: 409,
      code: 'too_many_images',
      message: `Session ${this.id} holds ${held} images and ${this.viewCount} views of them${coming}; ${imagesPerSession} are allowed.`,
      hint: 'Open another session, or raise the limit of the service (--images-per-session).',
    })
  }
}

/** One hash of what was asked. */
export function digest(parts: readonly (string | number | null | Buffer)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    const bytes = Buffer.isBuffer(part) ? part : Buffer.from(JSON.stringify(part))
    hash.update(`${bytes.length} `).update(bytes)
  }
  return hash.digest('hex')
}
