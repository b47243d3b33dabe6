import { createHash } from 'node:crypto'
import type { Task } from '../../core/task.js'

/** Key of a question by what it shows and asks, whatever its data set calls it: SHA-256 (hexadecimal) over question, answers, options and checksums of images. */
export function contentKey({
  question,
  answers,
  options = [],
  images,
}: Pick<Task, 'question' | 'answers' | 'options'> & { images: readonly { sha256: string }[] }): string {
  return createHash('sha256')
    .update(JSON.stringify([question, answers, options, images.map(({ sha256 }) => sha256)]))
    .digest('hex')
}
