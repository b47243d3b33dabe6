import { SandboxError } from '../core/errors.js'
import { CHANNELS } from '../core/image.js'
import type { CallMeter } from './call-meter.js'
import type { Finished, FinishedError, FinishedOk } from './host-event.js'
import type { HostSlot } from './host-slot.js'
import type { HostJob } from './job.js'
import type { SandboxLimits } from './sandbox-limits.js'
import type { CallTools } from './tools/call-tools.js'

/** A call is a pure function of its code and images, so it may be run again when the machine failed. */
const ATTEMPTS = 3
/** Workers that the machine kills in a row before the call is held to be the reason. */
const KILLED_WORKERS = 5

/** A verdict, and where there is one the file that holds its pixels; whoever asked owns it. */
export type ImageVerdict = FinishedError | { status: 'ok'; finished: FinishedOk; file: string }

/** Runs the jobs of one slot that leave an image. */
export class ImageJobs {
  readonly slot: HostSlot
  readonly limits: SandboxLimits
  private readonly meter: CallMeter

  constructor({ slot, limits, meter }: { slot: HostSlot; limits: SandboxLimits; meter: CallMeter }) {
    this.slot = slot
    this.limits = limits
    this.meter = meter
  }

  /**
   * Run a job until the machine does not fail. Every attempt writes into a file of its own: what a host that is being ended still does to the last
   * one's file harms nobody.
   * @param job.place its place in line, as {@link HostSlot.run} takes it.
   * @throws SandboxError when the machine fails again and again, or its images would take more than they may; AbortError.
   */
  async run(
    {
      tools,
      place,
      ...job
    }: Omit<HostJob, 'result' | 'tools'> & { tools?: CallTools | undefined; place: number },
    signal: AbortSignal | undefined,
  ): Promise<ImageVerdict> {
    let killed = 0
    for (let failures = 0; ;) {
      const file = this.slot.exchange.newName('pixels')
      const isRetry = failures + killed > 0
      if (isRetry) this.meter.countRetry()
      let finished: FinishedOk | FinishedError
      try {
        finished = expectImage(
          await this.slot.run(
            { ...job, result: file, tools: tools?.begin(file) },
            { place, isRetry, signal },
          ),
        )
      } catch (error) {
        await this.slot.exchange.remove(file)
        failures += 1
        if (!(error instanceof SandboxError) || !error.isRetryable || failures === ATTEMPTS) throw error
        continue
      }
      if (finished.status === 'ok') {
        await this.account(finished, file)
        return { status: 'ok', finished, file }
      }
      await this.slot.exchange.remove(file)
      if (!finished.killed) return finished
      // Nothing in a worker can send it SIGKILL: the machine did, which may not happen again, or is the answer to its hunger for memory.
      killed += 1
      if (killed === KILLED_WORKERS) return finished
    }
  }

  private async account({ width, height, mode }: FinishedOk, file: string): Promise<void> {
    try {
      // The host is not believed: what it announces is bounded before anything is made of it.
      if (width * height > Math.max(this.limits.maxInputPixels, this.limits.maxResultPixels))
        throw new SandboxError(
          `The sandbox host announced an image of ${width}×${height}, more than the limits allow.`,
        )
      this.slot.exchange.account(file, width * height * CHANNELS[mode])
    } catch (error) {
      await this.slot.exchange.remove(file)
      throw error
    }
  }
}

function expectImage(finished: Finished): FinishedOk | FinishedError {
  if ('answers' in finished)
    throw new SandboxError('The sandbox host answered another question than it was asked.')
  return finished
}
