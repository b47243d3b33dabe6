import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { UsageError } from '../core/errors.js'
import type { Task } from '../core/task.js'

/**
 * A question of one's own over image files; it has no accepted answer.
 * @throws UsageError when a file cannot be read or the question is empty.
 */
export async function questionTask({
  question,
  images,
}: {
  question: string
  images: readonly string[]
}): Promise<Task> {
  if (question.trim() === '') throw new UsageError('Expected a question, got an empty text.')
  const files = await Promise.all(images.map(readImage))
  const key = createHash('sha256')
    .update(JSON.stringify([question, files.map((bytes) => sha256(bytes))]))
    .digest('hex')
  return {
    key,
    id: images.map((path) => basename(path)).join('+'),
    suite: 'question',
    question,
    images: files.map((bytes) => ({ sha256: sha256(bytes), read: () => Promise.resolve(bytes) })),
    answers: [],
    transform: 'none',
    requiredTools: null,
    box: null,
    metadata: {},
  }
}

async function readImage(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new UsageError(`Expected an image file, got ${path}: ${(cause as Error).message}.`, { cause })
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
