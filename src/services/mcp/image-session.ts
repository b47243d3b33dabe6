import type { CodeCall } from '../../core/code-call.js'
import type { Execution } from '../../core/execution.js'
import { pixelBytes, type SandboxImage } from '../../core/image.js'
import type { Sandbox, SandboxSession } from '../../core/sandbox.js'
import type { Admission } from '../admission.js'
import type { McpLimits } from './mcp-limits.js'
import type { ReadImage } from './image-sources.js'
import { imagesFull, imagesReleased, noImage, tooManyImages } from './refusals.js'

export interface ImageSessionParameters {
  /** Whose calls are counted together. */
  client: string
  sandbox: Sandbox
  admission: Admission
  limits: Pick<McpLimits, 'imagesPerSession' | 'heldBytes'>
  /** How long images are kept that nobody uses. */
  leaseMs: number
  /** Milliseconds of a clock that never goes back. */
  now: () => number
  /** Bytes of pixels that all sessions of the server hold. */
  heldByAll: () => number
  /** Told how each call ended that was run, and after how many seconds. */
  onCall?: (call: { execution: Execution; seconds: number }) => void
}

/** An image of a session and where it came from. */
export interface SessionImage {
  index: number
  image: SandboxImage
  origin: string
}

/** The copy of an image within a bound of width × height. @throws SandboxError, the reason of the call's signal. */
export type ViewWithin = (maxPixels: number) => Promise<SandboxImage>

/** What an answer makes of an image. */
export type ShowImage<T> = (shown: SessionImage, view: ViewWithin) => Promise<T>

interface Opened {
  session: Promise<SandboxSession>
  /** Undefined while it is opened. */
  ready: SandboxSession | undefined
  origins: string[]
  viewBytes: number
  /** Those that are being made. */
  comingBytes: number
  /** Images that calls under way may yet leave. */
  coming: number
  /** Ends what runs when the images go. */
  abort: AbortController
}

/**
 * The images of one MCP connection, and the calls over them: opened with the first image, given up when nobody used it for the length of its lease, or when the
 * client says so; the next image begins a new one.
 */
export class ImageSession {
  readonly client: string
  private readonly parameters: ImageSessionParameters
  private opened: Opened | undefined
  private readonly closing = new Set<Promise<void>>()
  private underWay = 0
  private expiresAt = Infinity
  private hasExpired = false
  private isClosed = false

  constructor(parameters: ImageSessionParameters) {
    this.client = parameters.client
    this.parameters = parameters
  }

  get images(): SessionImage[] {
    const { ready, origins } = this.opened ?? { ready: undefined, origins: [] }
    return (ready?.images ?? []).map((image, index) => ({ index, image, origin: origins[index] ?? '' }))
  }

  /** Bytes of pixels, views included, and those that are being made. */
  get heldBytes(): number {
    const { viewBytes, comingBytes } = this.opened ?? { viewBytes: 0, comingBytes: 0 }
    const bytes = this.images.map(({ image }) => pixelBytes(image))
    return bytes.reduce((total, one) => total + one, viewBytes + comingBytes)
  }

  get isBusy(): boolean {
    return this.underWay > 0
  }

  /**
   * Open one more image.
   * @param parameters.read gives its bytes; asked for when there is room for them.
   * @param parameters.show makes of it what the answer holds; a part of this call, so that nothing that was opened is refused its picture.
   * @throws ImageError, ServiceError where there is no room, SandboxError, the signal's reason.
   */
  async add<T>({
    read,
    show,
    signal,
  }: {
    read: (signal: AbortSignal) => Promise<ReadImage>
    show: ShowImage<T>
    signal: AbortSignal
  }): Promise<T> {
    return this.use(signal, async (opened, either) => {
      const shown = await this.adding(opened, async () => {
        const { bytes, origin } = await read(either)
        const session = await opened.session
        // Others may have been decoded since there was room.
        const admit = (): void => this.expectMemory()
        const index = await session.add(bytes, { name: origin, admit, signal: either })
        return this.named({ opened, session, index, origin })
      })
      return this.shown({ opened, shown, show, signal: either })
    })
  }

  /**
   * Run code over an image. What the code did wrong is in the execution.
   * @param parameters.show as in {@link add}, of the image that the code made; null where it made none.
   * @throws as {@link add}, but for ImageError.
   */
  async execute<T>({
    call,
    show,
    signal,
  }: {
    call: CodeCall
    show: ShowImage<T>
    signal: AbortSignal
  }): Promise<{ execution: Execution; picture: T | null }> {
    this.expectImages()
    return this.use(signal, async (opened, either) => {
      // What code makes of an image takes as much, as a rule.
      const given = this.images[call.imageIndex ?? 0]?.image
      const { execution, shown } = await this.adding(opened, () =>
        this.taking({ opened, bytes: given === undefined ? 0 : pixelBytes(given) }, () =>
          this.run({ call, opened, signal: either }),
        ),
      )
      if (shown === null) return { execution, picture: null }
      return { execution, picture: await this.shown({ opened, shown, show, signal: either }) }
    })
  }

  /** Give up all images, and what runs over them. @returns how many there were, once nothing of them is left. */
  async release(reason: Error = imagesReleased()): Promise<number> {
    const { opened } = this
    const count = this.images.length
    this.opened = undefined
    this.expiresAt = Infinity
    if (opened) {
      opened.abort.abort(reason)
      const closing = opened.session.then(
        (session) => session.close(),
        () => undefined,
      )
      this.closing.add(closing)
      void closing.catch(() => undefined).then(() => this.closing.delete(closing))
    }
    await Promise.all(this.closing)
    return count
  }

  /** Give up images whose lease is over; a session with a call under way is in use. */
  async sweep(): Promise<boolean> {
    if (this.opened === undefined || this.isBusy || this.expiresAt > this.parameters.now()) return false
    this.hasExpired = true
    await this.release()
    return true
  }

  /** The end of the connection. Resolves when nothing is left. */
  async close(): Promise<void> {
    this.isClosed = true
    await this.release()
  }

  private async run({
    call,
    opened,
    signal,
  }: {
    call: CodeCall
    opened: Opened
    signal: AbortSignal
  }): Promise<{ execution: Execution; shown: SessionImage | null }> {
    const session = await opened.session
    const started = performance.now()
    const execution = await session.execute(call, { signal })
    this.parameters.onCall?.({ execution, seconds: (performance.now() - started) / 1000 })
    if (execution.status === 'error') return { execution, shown: null }
    const described = call.description?.trim() ?? ''
    const origin = described === '' ? 'code' : described
    return { execution, shown: this.named({ opened, session, index: execution.imageIndex, origin }) }
  }

  /** What an answer makes of an image, whose copies take no more than it does. */
  private async shown<T>({
    opened,
    shown,
    show,
    signal,
  }: {
    opened: Opened
    shown: SessionImage
    show: ShowImage<T>
    signal: AbortSignal
  }): Promise<T> {
    return this.taking({ opened, bytes: pixelBytes(shown.image) }, () =>
      show(shown, this.viewOf({ opened, shown, signal })),
    )
  }

  /** Do what makes so many bytes of pixels, which count meanwhile. */
  private async taking<T>(
    { opened, bytes }: { opened: Opened; bytes: number },
    action: () => Promise<T>,
  ): Promise<T> {
    opened.comingBytes += bytes
    try {
      return await action()
    } finally {
      opened.comingBytes -= bytes
    }
  }

  /** The copies of an image within bounds of width × height. */
  private viewOf({
    opened,
    shown: { index },
    signal,
  }: {
    opened: Opened
    shown: SessionImage
    signal: AbortSignal
  }): ViewWithin {
    return async (maxPixels) => {
      const session = await opened.session
      const view = await session.view(index, { minPixels: 1, maxPixels, signal })
      if (view !== session.images[index]) opened.viewBytes += pixelBytes(view)
      return view
    }
  }

  private async use<T>(
    signal: AbortSignal,
    action: (opened: Opened, either: AbortSignal) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted()
    if (this.isClosed) throw imagesReleased()
    const opened = (this.opened ??= this.open())
    this.underWay += 1
    try {
      const either = AbortSignal.any([signal, opened.abort.signal])
      return await this.parameters.admission.run({ client: this.client }, () => action(opened, either))
    } catch (error) {
      signal.throwIfAborted()
      opened.abort.signal.throwIfAborted()
      throw error
    } finally {
      this.underWay -= 1
      this.expiresAt = this.parameters.now() + this.parameters.leaseMs
      if (this.opened === opened && opened.ready === undefined) await this.forgetFailed(opened)
    }
  }

  private open(): Opened {
    this.hasExpired = false
    const session = this.parameters.sandbox.open([], { user: this.client })
    const opened: Opened = {
      session,
      ready: undefined,
      origins: [],
      viewBytes: 0,
      comingBytes: 0,
      coming: 0,
      abort: new AbortController(),
    }
    session.then(
      (ready) => (opened.ready = ready),
      () => undefined,
    )
    return opened
  }

  /** A sandbox that could not open a session is asked anew by the next call. */
  private async forgetFailed(opened: Opened): Promise<void> {
    await opened.session.catch(() => {
      if (this.opened === opened) this.opened = undefined
    })
  }

  private named({
    opened,
    session,
    index,
    origin,
  }: {
    opened: Opened
    session: SandboxSession
    index: number
    origin: string
  }): SessionImage {
    const image = session.images[index]
    if (image === undefined) throw new RangeError(`no image ${index}`)
    opened.origins[index] = origin
    return { index, image, origin }
  }

  private expectImages(): void {
    if (this.images.length > 0 || (this.opened && this.isBusy)) return
    throw noImage({ hasExpired: this.hasExpired, leaseMs: this.parameters.leaseMs })
  }

  /** Do what leaves one image more, where there is room for it. */
  private async adding<T>(opened: Opened, action: () => Promise<T>): Promise<T> {
    this.expectRoom(opened)
    opened.coming += 1
    try {
      return await action()
    } finally {
      opened.coming -= 1
    }
  }

  private expectRoom(opened: Opened): void {
    const { limits } = this.parameters
    const { coming, ready } = opened
    const held = ready?.images.length ?? 0
    if (held + coming >= limits.imagesPerSession)
      throw tooManyImages({ held, coming, limit: limits.imagesPerSession })
    this.expectMemory()
  }

  private expectMemory(): void {
    const { limits, heldByAll } = this.parameters
    if (heldByAll() >= limits.heldBytes) throw imagesFull()
  }
}
