import { webcrypto } from 'node:crypto'
import { CHANNELS } from '../core/image.js'
import type { SandboxProfile } from '../core/sandbox.js'
import type { ImageJobs, ImageVerdict } from './image-jobs.js'
import type { HostJob, PixelsDescription } from './job.js'
import { SharedWork, type Held } from './shared-work.js'

const TIMEOUT_MS = 60_000
/** Decoding and resizing hold several copies of a large image. */
const MEMORY_BYTES = 3 * 2 ** 30

/**
 * The images that the sessions of one slot were opened with, and the copies that models see. Sessions that are open at the same time over a file of the same bytes,
 * as the rollouts of a group are, have one decoded image between them, and of each size one view. Nothing in a worker can write to it: it is handed over
 * read-only, and the code gets a copy.
 */
export class SharedImages {
  private readonly jobs: ImageJobs
  private readonly profile: SandboxProfile
  private readonly shared: SharedWork<ImageVerdict>

  constructor({ jobs, profile }: { jobs: ImageJobs; profile: SandboxProfile }) {
    const { exchange } = jobs.slot
    this.jobs = jobs
    this.profile = profile
    this.shared = new SharedWork({
      undo: async (verdict) => {
        if (verdict.status === 'ok') await exchange.remove(verdict.file)
      },
    })
  }

  /**
   * The image of a file; a file that cannot be used gives an error's verdict.
   * @param next what the host prepares for the session's next call, should it be this one that has the file decoded.
   * @param place of the work in line, should it be this session that has it done; the same for a view.
   * @throws SandboxError, AbortError.
   */
  async decode({
    bytes,
    next,
    place,
    signal,
  }: {
    bytes: Buffer
    next: Pick<HostJob, 'session' | 'then'>
    place: number
    signal: AbortSignal | undefined
  }): Promise<Held<ImageVerdict>> {
    const { exchange } = this.jobs.slot
    const make = async (stop: AbortSignal): Promise<ImageVerdict> => {
      const file = exchange.newName('file')
      try {
        await exchange.write(file, bytes)
        const { profile } = this
        const job = { op: 'decode', profile, max_pixels: this.jobs.limits.maxInputPixels } as const
        return await this.run({ job, files: [file], place, ...next }, stop)
      } finally {
        await exchange.remove(file)
      }
    }
    const digest = await webcrypto.subtle.digest('SHA-256', bytes)
    return this.shared.hold({ key: Buffer.from(digest).toString('hex'), make, signal })
  }

  /** The copy of an image with width × height within bounds. @throws SandboxError, AbortError. */
  view({
    image: { file, mode, width, height },
    minPixels,
    maxPixels,
    place,
    signal,
  }: {
    image: PixelsDescription & { file: string }
    minPixels: number
    maxPixels: number
    place: number
    signal: AbortSignal | undefined
  }): Promise<Held<ImageVerdict>> {
    const job = { op: 'view', mode, width, height, min_pixels: minPixels, max_pixels: maxPixels } as const
    return this.shared.hold({
      key: `${file} ${minPixels} ${maxPixels}`,
      make: (stop) => this.run({ job, files: [file], place }, stop),
      signal,
    })
  }

  private run(
    job: Pick<HostJob, 'job' | 'files' | 'session' | 'then'> & { place: number },
    signal: AbortSignal,
  ): Promise<ImageVerdict> {
    const fileBytes = this.jobs.limits.maxInputPixels * CHANNELS.RGBA
    return this.jobs.run({ ...job, timeoutMs: TIMEOUT_MS, memoryBytes: MEMORY_BYTES, fileBytes }, signal)
  }
}
