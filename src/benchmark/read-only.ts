import { UsageError } from '../core/errors.js'
import { WORKS, type WorkName } from './work.js'

const LARGEST_SIDE = 8_000

/** `rotate,1024` as a work and the side of an image. @throws UsageError */
export function readOnly(text: string): { work: WorkName; size: number } {
  const [work = '', side = '', ...more] = text.split(',')
  const size = Number(side)
  if (!(work in WORKS) || !Number.isInteger(size) || size < 1 || size > LARGEST_SIDE || more.length > 0)
    throw new UsageError(
      `--only: expected WORK,SIZE with one of ${Object.keys(WORKS).join(', ')} and a side of 1 to ${LARGEST_SIDE} pixels, such as rotate,1024; got ${text}.`,
    )
  return { work: work as WorkName, size }
}
