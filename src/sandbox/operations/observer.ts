import { SandboxError } from '../../core/errors.js'
import type { Operation } from '../../core/execution.js'
import type { Claim } from './claim.js'
import { confirmOperations, unconfirmedOperations } from './confirm-operations.js'
import { taskFrame, type Frame } from './frame.js'
import type { PixelFile } from './pixel-rows.js'

export interface ObservedCall {
  claim: Claim
  /** The image that the call named. */
  imageIndex: number
  /** Of its result. */
  resultIndex: number
  /** The session's images before the result. */
  images: readonly PixelFile[]
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
  private latest: PendingOperations | undefined

  observe(call: ObservedCall): PendingOperations {
    const before = this.latest
    let confirm: (() => Operation[]) | undefined = () => {
      // Where this call's input lies, the call before may have to tell.
      before?.settle()
      return this.confirm(call)
    }
    let operations: Operation[] = []
    const pending = {
      settle: () => {
        if (confirm === undefined) return operations
        operations = confirm()
        confirm = undefined
        return operations
      },
    }
    this.latest = pending
    setTimeout(pending.settle, SOON_MS).unref()
    return pending
  }

  /** Confirm what is still to be confirmed, before the pixels go. */
  settle(): void {
    this.latest?.settle()
  }

  private confirm({ claim, imageIndex, resultIndex, images, result }: ObservedCall): Operation[] {
    const index = claim.root !== null && claim.root < images.length ? claim.root : imageIndex
    const input = images[index]
    const known = this.frames.get(index)
    this.frames.set(resultIndex, null)
    if (!input) return unconfirmedOperations(claim)
    try {
      const frame = known === undefined ? taskFrame(input) : known
      const confirmed = confirmOperations({ claim, result, input, frame })
      this.frames.set(resultIndex, confirmed.frame)
      return confirmed.operations
    } catch (error) {
      // Pixels that are gone confirm nothing; who asks for them is told why.
      if (error instanceof SandboxError) return unconfirmedOperations(claim)
      throw error
    }
  }
}
