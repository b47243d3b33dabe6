import type { Operation } from '../../core/execution.js'
import type { Claim } from './claim.js'
import { confirmOperations, unconfirmedOperations } from './confirm-operations.js'
import { taskFrame, type Frame } from './frame.js'
import type { PixelFile } from './pixel-rows.js'

export interface ObservedCall {
  claim: Claim
  /** The image that the call named. */
  imageIndex: number
  /** Of its result; the session's images before it have lower ones. */
  resultIndex: number
  imageAt(index: number): PixelFile | undefined
  result: PixelFile
}

/** What a call did; confirmed when it is asked for, or soon. */
export interface PendingOperations {
  settle(): Operation[]
}

/** By then whoever waits for the call's pixels has them. */
const SOON_MS = 20

/**
 * Confirms what the calls of one session did, and knows where each of its images lies in the task's. The comparison is put off until whoever waits for the call
 * has begun to fetch its pixels: it is done by the time that anybody asks, and takes nothing from the call.
 */
export class Observer {
  /** Of results only; every other image of the session is one of the task. */
  private readonly frames = new Map<number, Frame | null>()
  private latest: PendingCall | undefined

  observe(call: ObservedCall): PendingOperations {
    const pending = new PendingCall({ before: this.latest, confirm: () => this.confirm(call) })
    this.latest = pending
    setTimeout(() => pending.settle(), SOON_MS).unref()
    return pending
  }

  /** Confirm what is still to be confirmed, before the pixels go. */
  settle(): void {
    this.latest?.settle()
  }

  private confirm({ claim, imageIndex, resultIndex, imageAt, result }: ObservedCall): Operation[] {
    const index = claim.root !== null && claim.root < resultIndex ? claim.root : imageIndex
    const input = imageAt(index)
    const known = this.frames.get(index)
    this.frames.set(resultIndex, null)
    if (!input) return unconfirmedOperations(claim)
    try {
      const frame = known === undefined ? taskFrame(input) : known
      const confirmed = confirmOperations({ claim, result, input, frame })
      this.frames.set(resultIndex, confirmed.frame)
      return confirmed.operations
    } catch {
      // Pixels that are gone confirm nothing, and who asks for them is told why. Nor does a claim that hostile code has made up so that looking at it fails.
      return unconfirmedOperations(claim)
    }
  }
}

/** Lets go of the call, and of the calls before it, once it is settled: a session may have thousands. */
class PendingCall implements PendingOperations {
  private open: { before: PendingOperations | undefined; confirm: () => Operation[] } | undefined
  private operations: Operation[] = []

  constructor(open: { before: PendingOperations | undefined; confirm: () => Operation[] }) {
    this.open = open
  }

  settle(): Operation[] {
    if (this.open === undefined) return this.operations
    // Where this call's input lies, the call before may have to tell.
    this.open.before?.settle()
    this.operations = this.open.confirm()
    this.open = undefined
    return this.operations
  }
}
