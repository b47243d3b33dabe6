import PQueue from 'p-queue'
import { SandboxError, UsageError } from '../core/errors.js'
import type { CodeCall } from '../core/code-call.js'
import type { Execution } from '../core/execution.js'
import { CHANNELS, type SandboxImage } from '../core/image.js'
import type { SandboxProfile, SandboxSession, ViewOptions } from '../core/sandbox.js'
import type { HostSlot } from './host-slot.js'
import type { Finished, FinishedError, FinishedOk } from './host-event.js'
import { ImageError } from './image-error.js'
import type { HostJob, WorkerJob } from './job.js'
import { PixelImage } from './pixel-image.js'

export interface SandboxLimits {
  /** Deadline of a call, where the call does not name its own. */
  timeoutMs: number
  /** Memory of a call. */
  memoryBytes: number
  /** Largest result, in pixels. */
  maxResultPixels: number
  /** Largest image that a session may be opened with, in pixels. */
  maxInputPixels: number
}

/** A call is a pure function of its code and images, so it may be run again when the machine failed. */
const ATTEMPTS = 3
const IMAGE_TIMEOUT_MS = 60_000
/** Decoding and resizing hold several copies of a large image. */
const IMAGE_MEMORY_BYTES = 3 * 2 ** 30

export interface SessionParameters {
  slot: HostSlot
  profile: SandboxProfile
  limits: SandboxLimits
  onClose: () => void
}

/** One trajectory's images and the calls over them, in order. */
export class Session implements SandboxSession {
  private readonly slot: HostSlot
  private readonly profile: SandboxProfile
  private readonly limits: SandboxLimits
  private readonly onClose: () => void
  private readonly queue = new PQueue({ concurrency: 1 })
  private readonly list: PixelImage[] = []
  private readonly views: PixelImage[] = []
  private isClosed = false

  constructor({ slot, profile, limits, onClose }: SessionParameters) {
    this.slot = slot
    this.profile = profile
    this.limits = limits
    this.onClose = onClose
  }

  get images(): readonly SandboxImage[] {
    return this.list
  }

  /** Decode an image file in the sandbox and append it. @throws ImageError when it is none that can be used. */
  async append({
    bytes,
    name,
    signal,
  }: {
    bytes: Buffer
    name: string
    signal?: AbortSignal | undefined
  }): Promise<void> {
    const file = this.slot.exchange.newName('file')
    await this.slot.exchange.write(file, bytes)
    try {
      const finished = await this.image(
        { op: 'decode', max_pixels: this.limits.maxInputPixels },
        file,
        signal,
      )
      if (finished.status === 'error') throw new ImageError(`${name} cannot be used: ${finished.message}.`)
      this.list.push(finished.image)
    } finally {
      await this.slot.exchange.remove(file)
    }
  }

  async execute(
    { code, imageIndex = 0 }: CodeCall,
    { timeoutMs = this.limits.timeoutMs, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<Execution> {
    if (!Number.isInteger(imageIndex))
      throw new UsageError(`imageIndex: expected an integer, got ${String(imageIndex)}.`)
    if (!(timeoutMs > 0))
      throw new UsageError(`timeoutMs: expected a positive number of milliseconds, got ${String(timeoutMs)}.`)
    return this.inOrder(signal, async () => {
      const started = performance.now()
      const indices = this.indicesFor(code, imageIndex)
      const job: WorkerJob = {
        op: 'execute',
        profile: this.profile,
        code,
        index: imageIndex,
        count: this.list.length,
        images: indices.map((index) => ({ index, ...describe(this.at(index)) })),
        max_result_pixels: this.limits.maxResultPixels,
      }
      const result = this.slot.exchange.newName('pixels')
      const files = indices.map((index) => this.at(index).file)
      const finished = expectImage(
        await this.attempt(
          {
            job,
            files,
            result,
            timeoutMs,
            memoryBytes: this.limits.memoryBytes,
            fileBytes: this.limits.maxResultPixels * CHANNELS.RGBA,
          },
          signal,
        ),
      )
      const durationMs = performance.now() - started
      if (finished.status === 'error') return failed(finished, durationMs)
      const image = this.pixelImage(finished, result)
      this.list.push(image)
      const { unchanged, stdout } = finished
      return {
        status: 'ok',
        image,
        unchanged,
        imageIndex: this.list.length - 1,
        stdout,
        operations: [],
        durationMs,
      }
    })
  }

  async view(index: number, { minPixels, maxPixels, signal }: ViewOptions): Promise<SandboxImage> {
    return this.inOrder(signal, async () => {
      const source = this.list[index]
      if (!source)
        throw new UsageError(`view: expected the index of one of ${this.list.length} images, got ${index}.`)
      const job: WorkerJob = { op: 'view', ...describe(source), min_pixels: minPixels, max_pixels: maxPixels }
      const finished = await this.image(job, source.file, signal)
      if (finished.status === 'error')
        throw new SandboxError(`Image ${index} could not be resized for the model: ${finished.message}.`)
      if (finished.unchanged) return source
      this.views.push(finished.image)
      return finished.image
    })
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    this.queue.clear()
    await this.queue.onIdle()
    for (const image of [...this.list, ...this.views]) await image.release()
    this.onClose()
  }

  /** The images that the code may need: the one it names, or all where it may look at `images`. */
  private indicesFor(code: string, imageIndex: number): number[] {
    if (this.profile === 'standard' && code.includes('images')) return this.list.map((_, index) => index)
    return imageIndex >= 0 && imageIndex < this.list.length ? [imageIndex] : []
  }

  private at(index: number): PixelImage {
    const image = this.list[index]
    if (!image) throw new RangeError(`no image ${index}`)
    return image
  }

  /** Run a job that turns one file into pixels. */
  private async image(
    job: WorkerJob,
    file: string,
    signal: AbortSignal | undefined,
  ): Promise<FinishedError | { status: 'ok'; image: PixelImage; unchanged: boolean }> {
    const result = this.slot.exchange.newName('pixels')
    const finished = expectImage(
      await this.attempt(
        {
          job,
          files: [file],
          result,
          timeoutMs: IMAGE_TIMEOUT_MS,
          memoryBytes: IMAGE_MEMORY_BYTES,
          fileBytes: this.limits.maxInputPixels * CHANNELS.RGBA,
        },
        signal,
      ),
    )
    if (finished.status === 'error') return finished
    return { status: 'ok', image: this.pixelImage(finished, result), unchanged: finished.unchanged }
  }

  private async attempt(job: HostJob, signal: AbortSignal | undefined): Promise<Finished> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.slot.run(job, { signal })
      } catch (error) {
        if (!(error instanceof SandboxError) || !error.isRetryable || attempt === ATTEMPTS) throw error
        // A host that died may have left a file under the name.
        if (job.result !== null) await this.slot.exchange.remove(job.result)
      }
    }
  }

  private async inOrder<T>(signal: AbortSignal | undefined, action: () => Promise<T>): Promise<T> {
    if (this.isClosed) throw new UsageError('The session is closed; open another one.')
    return this.queue.add(action, signal ? { signal } : {})
  }

  private pixelImage({ width, height, mode, sourceMode }: FinishedOk, file: string): PixelImage {
    return new PixelImage({ exchange: this.slot.exchange, file, width, height, mode, sourceMode })
  }
}

function describe({ mode, width, height }: PixelImage): {
  mode: PixelImage['mode']
  width: number
  height: number
} {
  return { mode, width, height }
}

function expectImage(finished: Finished): FinishedOk | FinishedError {
  if ('answers' in finished)
    throw new SandboxError('The sandbox host answered another question than it was asked.')
  return finished
}

function failed(
  { kind, type, message, traceback, line, width, height, stdout }: FinishedError,
  durationMs: number,
): Execution {
  const size = width !== undefined && height !== undefined ? { width, height } : {}
  return {
    status: 'error',
    kind,
    type,
    message,
    traceback,
    line,
    ...size,
    stdout,
    operations: [],
    durationMs,
  }
}
