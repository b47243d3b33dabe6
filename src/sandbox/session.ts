import PQueue from 'p-queue'
import { ImageError, SandboxError, UsageError } from '../core/errors.js'
import type { CodeCall } from '../core/code-call.js'
import type { Execution } from '../core/execution.js'
import { CHANNELS, type SandboxImage } from '../core/image.js'
import type { SandboxProfile, SandboxSession, ViewOptions } from '../core/sandbox.js'
import type { CallMeter } from './call-meter.js'
import { checkCall, checkView } from './check-limits.js'
import type { HostSlot } from './host-slot.js'
import type { Finished, FinishedError, FinishedOk } from './host-event.js'
import type { HostJob, NextCall, WorkerJob } from './job.js'
import { unconfirmedOperations } from './operations/confirm-operations.js'
import { Observer, type PendingOperations } from './operations/observer.js'
import { PixelImage } from './pixel-image.js'
import type { SessionFiles } from './session-files.js'

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
/** Workers that the machine kills in a row before the call is held to be the reason. */
const KILLED_WORKERS = 5
const IMAGE_TIMEOUT_MS = 60_000
/** Both profiles refuse code that is far shorter; longer code is not even sent. */
const LONGEST_SENT_CODE = 1_000_000
/** What an image takes in a call, as Pillow holds it, and a copy of it. */
const BYTES_PER_INPUT_PIXEL = 8
/** Decoding and resizing hold several copies of a large image. */
const IMAGE_MEMORY_BYTES = 3 * 2 ** 30

/** A verdict, and the image where there is one. */
type Attempted = FinishedError | { status: 'ok'; finished: FinishedOk; image: PixelImage }

export interface SessionParameters {
  slot: HostSlot
  /** By which a host keeps what it prepares for the next call. */
  number: number
  /** What must go when the session goes. */
  files: SessionFiles
  meter: CallMeter
  profile: SandboxProfile
  limits: SandboxLimits
  /** Whether a call tells what its code did to images. */
  observes: boolean
  onClose: () => void
}

/** One trajectory's images and the calls over them, in order. */
export class Session implements SandboxSession {
  private readonly slot: HostSlot
  private readonly files: SessionFiles
  private readonly meter: CallMeter
  private readonly profile: SandboxProfile
  private readonly limits: SandboxLimits
  private readonly observes: boolean
  private readonly onClose: () => void
  private readonly queue = new PQueue({ concurrency: 1 })
  private readonly list: PixelImage[] = []
  private readonly views: PixelImage[] = []
  private readonly observer = new Observer()
  private isClosed = false
  private readonly number: number
  /** Whether the last call named the newest image, as a chain of edits does. */
  private followsResults = false

  constructor({ slot, number, files, meter, profile, limits, observes, onClose }: SessionParameters) {
    this.slot = slot
    this.number = number
    this.files = files
    this.meter = meter
    this.profile = profile
    this.limits = limits
    this.observes = observes
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
    await this.meter.measure(() => this.decode({ bytes, name, signal }))
  }

  private async decode({
    bytes,
    name,
    signal,
  }: {
    bytes: Buffer
    name: string
    signal: AbortSignal | undefined
  }): Promise<void> {
    const file = this.slot.exchange.newName('file')
    try {
      await this.slot.exchange.write(file, bytes)
      const finished = await this.image(
        { op: 'decode', max_pixels: this.limits.maxInputPixels },
        file,
        signal,
      )
      if (finished.status === 'error') {
        throw new ImageError(`${name} cannot be used: ${finished.message}.`, {
          isRetryable: finished.kind !== 'result',
        })
      }
      this.list.push(finished.image)
    } finally {
      await this.slot.exchange.remove(file)
    }
  }

  async execute(
    { code, imageIndex = 0 }: CodeCall,
    { timeoutMs = this.limits.timeoutMs, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<Execution> {
    checkCall({ code, imageIndex, timeoutMs })
    if (code.length > LONGEST_SENT_CODE) return tooLong(code)
    return this.inOrder(signal, async () => {
      const started = performance.now()
      const indices = this.indicesFor(code, imageIndex)
      const job: WorkerJob = {
        op: 'execute',
        profile: this.profile,
        code,
        index: imageIndex,
        count: this.list.length,
        images: indices.map((index) => ({ index, file: this.at(index).file, ...describe(this.at(index)) })),
        max_result_pixels: this.limits.maxResultPixels,
        observe: this.observes,
      }
      this.followsResults = this.list.length > 1 && imageIndex === this.list.length - 1
      const given = indices.map((index) => this.at(index))
      const inputPixels = given.reduce((total, { width, height }) => total + width * height, 0)
      const attempted = await this.attempt(
        {
          job,
          files: given.map(({ file }) => file),
          timeoutMs,
          memoryBytes: this.limits.memoryBytes + inputPixels * BYTES_PER_INPUT_PIXEL,
          fileBytes: this.limits.maxResultPixels * CHANNELS.RGBA,
          session: this.number,
          then: this.nextCall(),
        },
        signal,
      )
      const durationMs = performance.now() - started
      if (attempted.status === 'error') return failed(attempted, durationMs)
      const { image, finished } = attempted
      signal?.throwIfAborted()
      const observed = this.observed(finished, image, imageIndex)
      this.list.push(image)
      const { unchanged, stdout } = finished
      return {
        status: 'ok',
        image,
        unchanged,
        imageIndex: this.list.length - 1,
        stdout,
        get operations() {
          return observed?.settle() ?? []
        },
        durationMs,
      }
    })
  }

  /** What the code did, as far as the pixels bear it out; undefined where nobody wants to know. */
  private observed(
    { operations }: FinishedOk,
    image: PixelImage,
    imageIndex: number,
  ): PendingOperations | undefined {
    if (!this.observes) return undefined
    return this.observer.observe({
      claim: operations,
      imageIndex,
      resultIndex: this.list.length,
      imageAt: (index) => this.list[index]?.pixelFile,
      result: image.pixelFile,
    })
  }

  async view(index: number, { minPixels, maxPixels, signal }: ViewOptions): Promise<SandboxImage> {
    checkView({ index, minPixels, maxPixels })
    return this.inOrder(signal, async () => {
      const source = this.list[index]
      if (!source)
        throw new UsageError(`view: expected the index of one of ${this.list.length} images, got ${index}.`)
      const job: WorkerJob = { op: 'view', ...describe(source), min_pixels: minPixels, max_pixels: maxPixels }
      const finished = await this.image(job, source.file, signal)
      if (finished.status === 'error')
        throw new SandboxError(`Image ${index} could not be resized for the model: ${finished.message}.`)
      const {
        image,
        finished: { unchanged },
      } = finished
      if (unchanged) {
        await this.slot.exchange.remove(image.file)
        return source
      }
      this.views.push(image)
      return image
    })
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    await this.queue.onIdle()
    this.slot.release(this.number)
    this.observer.settle()
    for (const image of [...this.list, ...this.views]) image.release()
    try {
      await this.files.removeAll()
    } finally {
      this.onClose()
    }
  }

  /** The images that the code may need: the one it names, or all where it may look at `images`. */
  private indicesFor(code: string, imageIndex: number): number[] {
    if (this.profile === 'standard' && code.includes('images')) return this.list.map((_, index) => index)
    return imageIndex >= 0 && imageIndex < this.list.length ? [imageIndex] : []
  }

  /** What the host can prepare for the call after this job. */
  private nextCall(): NextCall {
    const { memoryBytes, maxResultPixels } = this.limits
    return {
      of: this.followsResults || this.list.length === 0 ? 'result' : 'input',
      profile: this.profile,
      descriptors: this.list.length + 2,
      memory_bytes_per_pixel: BYTES_PER_INPUT_PIXEL,
      memory_bytes: memoryBytes,
      file_bytes: maxResultPixels * CHANNELS.RGBA,
    }
  }

  private at(index: number): PixelImage {
    const image = this.list[index]
    if (!image) throw new RangeError(`no image ${index}`)
    return image
  }

  /** Run a job that turns one file into pixels. */
  private image(job: WorkerJob, file: string, signal: AbortSignal | undefined): Promise<Attempted> {
    return this.attempt(
      {
        job,
        files: [file],
        timeoutMs: IMAGE_TIMEOUT_MS,
        memoryBytes: IMAGE_MEMORY_BYTES,
        fileBytes: this.limits.maxInputPixels * CHANNELS.RGBA,
        ...(job.op === 'decode' && { session: this.number, then: this.nextCall() }),
      },
      signal,
    )
  }

  /**
   * Run a job until the machine does not fail. Every attempt writes into a file of its own: what a host that is being ended still does to the last
   * one's file harms nobody.
   */
  private async attempt(job: Omit<HostJob, 'result'>, signal: AbortSignal | undefined): Promise<Attempted> {
    let killed = 0
    for (let failures = 0; ;) {
      const result = this.slot.exchange.newName('pixels')
      const isRetry = failures + killed > 0
      if (isRetry) this.meter.countRetry()
      let finished: FinishedOk | FinishedError
      try {
        finished = expectImage(await this.slot.run({ ...job, result }, { isRetry, signal }))
      } catch (error) {
        await this.slot.exchange.remove(result)
        failures += 1
        if (!(error instanceof SandboxError) || !error.isRetryable || failures === ATTEMPTS) throw error
        continue
      }
      if (finished.status === 'ok')
        return { status: 'ok', finished, image: await this.keep(finished, result) }
      await this.slot.exchange.remove(result)
      if (!finished.killed) return finished
      // Nothing in a worker can send it SIGKILL: the machine did, which may not happen again, or is the answer to its hunger for memory.
      killed += 1
      if (killed === KILLED_WORKERS) return finished
    }
  }

  private async inOrder<T>(signal: AbortSignal | undefined, action: () => Promise<T>): Promise<T> {
    if (this.isClosed) throw new UsageError('The session is closed; open another one.')
    const inTurn = (): Promise<T> => {
      if (this.isClosed) throw new UsageError('The session was closed before the turn of this call came.')
      return action()
    }
    return this.meter.measure(() => this.queue.add(inTurn, signal ? { signal } : {}))
  }

  private async keep(
    { width, height, mode, sourceMode, animated }: FinishedOk,
    file: string,
  ): Promise<PixelImage> {
    const { exchange } = this.slot
    try {
      // The host is not believed: what it announces is bounded before anything is made of it.
      if (width * height > Math.max(this.limits.maxInputPixels, this.limits.maxResultPixels))
        throw new SandboxError(
          `The sandbox host announced an image of ${width}×${height}, more than the limits allow.`,
        )
      exchange.account(file, width * height * CHANNELS[mode])
    } catch (error) {
      await exchange.remove(file)
      throw error
    }
    await this.files.add(file)
    return new PixelImage({
      exchange,
      file,
      width,
      height,
      mode,
      sourceMode,
      isAnimated: animated,
      session: this,
    })
  }
}

function tooLong(code: string): Execution {
  const message = `the code has ${code.length.toLocaleString('en')} characters, which is too long`
  return {
    status: 'error',
    kind: 'policy',
    type: null,
    message,
    traceback: '',
    line: null,
    stdout: '',
    operations: [],
    durationMs: 0,
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
  { kind, type, message, traceback, line, width, height, stdout, operations }: FinishedError,
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
    operations: unconfirmedOperations(operations),
    durationMs,
  }
}
