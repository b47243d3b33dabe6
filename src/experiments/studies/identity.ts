import { createHash } from 'node:crypto'

const DIGITS = 12

/** Names whatever can be written as JSON: the first digits of its SHA-256. What is equal has the same name, in whatever order its keys stand. */
export function identityOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex').slice(0, DIGITS)
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
