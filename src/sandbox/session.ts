import PQueue from 'p-queue'
import { ImageError, SandboxError, UsageError } from '../core/errors.js'
import type { CodeCall } from '../core/code-call.js'
import type { Execution } from '../core/execution.js'
import { CHANNELS, type SandboxImage } from '../core/image.js'
import type { AdmitImage, ImageSource, SandboxProfile, SandboxSession, ViewOptions } from '../core/sandbox.js'
import type { CallMeter } from './call-meter.js'
import { checkCall, checkView } from './check-limits.js'
import { failedExecution, tooLong } from './failed-execution.js'
import type { FinishedOk } from './host-event.js'
import type { ImageJobs } from './image-jobs.js'
import type { NextCall, WorkerJob } from './job.js'
import { Observer, type PendingOperations } from './operations/observer.js'
import { PixelImage } from './pixel-image.js'
import { readImageSource } from './read-image-source.js'
import type { SandboxLimits } from './sandbox-limits.js'
import type { SessionFiles } from './session-files.js'
import type { SharedImages } from './shared-images.js'
import type { ToolUser } from './tools/call-rate.js'
import { CallTools } from './tools/call-tools.js'
import type { ToolDesk } from './tools/tool-desk.js'

/** Both profiles refuse code that is far shorter; longer code is not even sent. */
const LONGEST_SENT_CODE = 1_000_000
/** What an image takes in a call, as Pillow holds it, and a copy of it. */
const BYTES_PER_INPUT_PIXEL = 8

export interface SessionParameters {
  jobs: ImageJobs
  images: SharedImages
  /** By which a host keeps what it prepares for the next call. */
  number: number
  /** What must go when the session goes. */
  files: SessionFiles
  meter: CallMeter
  profile: SandboxProfile
  /** Whether a call tells what its code did to images. */
  observes: boolean
  /** What code may ask the controller; undefined: nothing. */
  desk: ToolDesk | undefined
  /** Who it is to the tools; undefined: nobody else. */
  user: string | undefined
  onClose: () => void
}

/** A file that is to be decoded. */
interface ImageFile {
  bytes: Buffer
  /** What errors call it. */
  name: string
  admit: AdmitImage | undefined
  signal: AbortSignal | undefined
}

/** One trajectory's images and the calls over them, in order. */
export class Session implements SandboxSession {
  private readonly jobs: ImageJobs
  private readonly shared: SharedImages
  private readonly files: SessionFiles
  private readonly meter: CallMeter
  private readonly profile: SandboxProfile
  private readonly limits: SandboxLimits
  private readonly observes: boolean
  private readonly desk: ToolDesk | undefined
  /** Who it is to the tools. */
  private readonly user: ToolUser
  private readonly onClose: () => void
  private readonly queue = new PQueue({ concurrency: 1 })
  private readonly list: PixelImage[] = []
  private readonly views: PixelImage[] = []
  /** Places in line of the jobs that made images which nobody has looked at yet. */
  private readonly places = new Map<PixelImage, number>()
  private readonly observer = new Observer()
  private isClosed = false
  private readonly number: number
  /** Whether the last call named the newest image, as a chain of edits does. */
  private followsResults = false

  constructor(parameters: SessionParameters) {
    const { jobs, images, number, files, meter, profile, observes, desk, onClose } = parameters
    this.user = parameters.user ?? Symbol('session')
    this.jobs = jobs
    this.shared = images
    this.number = number
    this.files = files
    this.meter = meter
    this.profile = profile
    this.limits = jobs.limits
    this.observes = observes
    this.desk = desk
    this.onClose = onClose
  }

  get images(): readonly SandboxImage[] {
    return this.list
  }

  /** Decode an image file in the sandbox and append it. @throws ImageError when it is none that can be used, what `file.admit` throws. */
  async append(file: ImageFile): Promise<void> {
    await this.meter.measure(() => this.decode(file))
  }

  async add(
    source: ImageSource,
    {
      name = typeof source === 'string' ? source : `image ${this.list.length}`,
      admit,
      signal,
    }: Parameters<SandboxSession['add']>[1] = {},
  ): Promise<number> {
    return this.inOrder(signal, async () => {
      await this.decode({ bytes: await readImageSource(source), name, admit, signal })
      return this.list.length - 1
    })
  }

  private async decode({ bytes, name, admit, signal }: ImageFile): Promise<void> {
    const next = { session: this.number, then: this.nextCall() }
    const place = this.jobs.slot.newPlace()
    const held = await this.shared.decode({ bytes, next, place, signal })
    await this.files.hold(held)
    const verdict = held.value
    if (verdict.status === 'error') {
      // Kept, a failure that passes would be everybody's as long as this session lives.
      await this.files.release(held)
      throw new ImageError(`${name} cannot be used: ${verdict.message}.`, {
        isRetryable: verdict.kind !== 'result',
      })
    }
    const image = this.imageOf(verdict)
    try {
      admit?.(image)
    } catch (error) {
      await this.files.release(held)
      throw error
    }
    this.hold(image, place)
  }

  private hold(image: PixelImage, place: number): void {
    this.list.push(image)
    this.places.set(image, place)
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
      const { exchange } = this.jobs.slot
      const tools = this.desk && new CallTools({ desk: this.desk, user: this.user, exchange })
      const job: WorkerJob = {
        op: 'execute',
        profile: this.profile,
        code,
        index: imageIndex,
        count: this.list.length,
        images: indices.map((index) => ({ index, file: this.at(index).file, ...describe(this.at(index)) })),
        max_result_pixels: this.limits.maxResultPixels,
        observe: this.observes,
        ...(tools && { tools: tools.described }),
      }
      this.followsResults = this.list.length > 1 && imageIndex === this.list.length - 1
      const given = indices.map((index) => this.at(index))
      const inputPixels = given.reduce((total, { width, height }) => total + width * height, 0)
      const place = this.jobs.slot.newPlace()
      const verdict = await this.jobs.run(
        {
          job,
          place,
          files: given.map(({ file }) => file),
          timeoutMs,
          memoryBytes: this.limits.memoryBytes + inputPixels * BYTES_PER_INPUT_PIXEL,
          fileBytes: this.limits.maxResultPixels * CHANNELS.RGBA,
          session: this.number,
          then: this.nextCall(),
          tools,
        },
        signal,
      )
      const used = tools?.operations ?? []
      const durationMs = performance.now() - started
      if (verdict.status === 'error') return failedExecution({ verdict, used, durationMs })
      const { finished } = verdict
      await this.files.add(verdict.file)
      const image = this.imageOf(verdict)
      signal?.throwIfAborted()
      const observed = this.observed(finished, image, imageIndex)
      this.hold(image, place)
      const { unchanged, stdout } = finished
      return {
        status: 'ok',
        image,
        unchanged,
        imageIndex: this.list.length - 1,
        stdout,
        get operations() {
          return [...(observed?.settle() ?? []), ...used]
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
      const { width, height } = source
      const place = this.placeOfView(source)
      // What lies within the bounds is shown as it is.
      if (width * height >= minPixels && width * height <= maxPixels) return source
      const held = await this.shared.view({
        image: source,
        minPixels,
        maxPixels,
        place,
        signal,
      })
      await this.files.hold(held)
      const verdict = held.value
      if (verdict.status === 'error') {
        await this.files.release(held)
        throw new SandboxError(`Image ${index} could not be resized for the model: ${verdict.message}.`)
      }
      if (verdict.finished.unchanged) return source
      const image = this.imageOf(verdict)
      this.views.push(image)
      return image
    })
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    await this.queue.onIdle()
    try {
      this.jobs.slot.release(this.number)
      this.observer.settle()
      for (const image of [...this.list, ...this.views]) image.release()
      await this.files.removeAll()
    } finally {
      this.onClose()
    }
  }

  /**
   * The first look at an image goes in the place of the job that made it: a turn that has begun is ended before others begin, so that of many sessions that call at once the first goes on
   * at once, and not when all have been called. Every other look waits its turn.
   */
  private placeOfView(image: PixelImage): number {
    const place = this.places.get(image) ?? this.jobs.slot.newPlace()
    this.places.delete(image)
    return place
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

  private async inOrder<T>(signal: AbortSignal | undefined, action: () => Promise<T>): Promise<T> {
    if (this.isClosed) throw new UsageError('The session is closed; open another one.')
    const inTurn = (): Promise<T> => {
      if (this.isClosed) throw new UsageError('The session was closed before the turn of this call came.')
      return action()
    }
    return this.meter.measure(() => this.queue.add(inTurn, signal ? { signal } : {}))
  }

  private imageOf({
    finished: { width, height, mode, sourceMode, animated },
    file,
  }: {
    finished: FinishedOk
    file: string
  }): PixelImage {
    const { exchange } = this.jobs.slot
    return new PixelImage({
      ...{ exchange, file, width, height, mode, sourceMode },
      isAnimated: animated,
      session: this,
    })
  }
}

function describe({ mode, width, height }: PixelImage): {
  mode: PixelImage['mode']
  width: number
  height: number
} {
  return { mode, width, height }
}
