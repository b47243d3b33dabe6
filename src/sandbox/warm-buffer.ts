import { closeSync, openSync, read } from 'node:fs'

/** Smaller ones come out of memory that the process has anyway. */
const SMALLEST = 1 << 18
const LARGEST = 1 << 26
/** A spare buffer may be so many times as large as what is asked for. */
const WASTE = 2
const KEPT_MS = 10_000

/**
 * A buffer ahead of need. The system gives memory page by page when it is first written to, which for the pixels of a large image takes longer than
 * copying them; so the next buffer is written to beforehand, in the thread pool, while the caller does something else.
 */
export class WarmBuffer {
  private spare: Buffer | undefined
  private isWarming = false
  private timer: NodeJS.Timeout | undefined

  /** A buffer of `size` bytes of any content; it is the caller's for good. */
  take(size: number): Buffer {
    const { spare } = this
    if (!spare || spare.length < size || spare.length > WASTE * size) return Buffer.allocUnsafe(size)
    this.drop()
    return spare.subarray(0, size)
  }

  /** Make the next buffer ready, if another one of about this size is likely to be asked for soon. */
  warm(size: number): void {
    if (size < SMALLEST || size > LARGEST || this.isWarming) return
    if (this.spare && this.spare.length >= size && this.spare.length <= WASTE * size) return
    this.isWarming = true
    const buffer = Buffer.allocUnsafeSlow(size)
    const zeros = openSync('/dev/zero', 'r')
    read(zeros, buffer, 0, size, null, () => {
      closeSync(zeros)
      this.isWarming = false
      this.drop()
      this.spare = buffer
      this.timer = setTimeout(() => this.drop(), KEPT_MS)
      this.timer.unref()
    })
  }

  private drop(): void {
    clearTimeout(this.timer)
    this.spare = undefined
  }
}
