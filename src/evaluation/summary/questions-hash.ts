import { createHash } from 'node:crypto'

/** SHA-256 of what was asked, whatever the order: of the tasks' keys, which hold question, answers and image bytes. Two runs over the same questions have the same. */
export function questionsHash(taskKeys: Iterable<string>): string {
  const sorted = [...new Set(taskKeys)].sort()
  return createHash('sha256').update(sorted.join('\n')).digest('hex')
}
