import { ServiceError } from './service-error.js'

/** As deep as a value may be nested; requests of this project need less than twenty. What is deeper than some thousands cannot be written as JSON again. */
const DEEPEST = 200

/** @throws ServiceError (400) for a value that is nested deeper than any request is. */
export function expectShallow(value: unknown): void {
  if (!isDeeper(value, DEEPEST)) return
  throw new ServiceError({
    status: 400,
    code: 'bad_request',
    message: `Expected JSON that is nested at most ${DEEPEST} deep, got it deeper.`,
    hint: 'GET /v1/schema has the JSON schema of every request.',
  })
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depth === 0) return true
  for (const child of Object.values(value)) if (isDeeper(child, depth - 1)) return true
  return false
}
