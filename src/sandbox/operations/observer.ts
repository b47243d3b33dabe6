import type { Operation } from '../../core/execution.js'
import type { Claim } from './claim.js'
import { confirmOperations } from './confirm-operations.js'
import { taskFrame, type Frame } from './frame.js'
import type { PixelFile } from './pixel-rows.js'

/** Confirms what the calls of one session did, and knows where each of its images lies in the task's. */
export class Observer {
  /** Of results only; every other image of the session is one of the task. */
  private readonly frames = new Map<number, Frame | null>()

  /**
   * Confirm what a call did that left an image.
   * @param imageIndex the image that the call named. @param resultIndex what the index of its result is going to be.
   * @throws SandboxError where pixels cannot be read.
   */
  confirm({
    claim,
    imageIndex,
    resultIndex,
    images,
    result,
  }: {
    claim: Claim
    imageIndex: number
    resultIndex: number
    images: readonly PixelFile[]
    result: PixelFile
  }): Operation[] {
    const index = claim.root !== null && claim.root < images.length ? claim.root : imageIndex
    const input = images[index]
    if (!input) return []
    const known = this.frames.get(index)
    const { operations, frame } = confirmOperations({
      claim,
      result,
      input,
      frame: known === undefined ? taskFrame(input) : known,
    })
    this.frames.set(resultIndex, frame)
    return operations
  }
}
