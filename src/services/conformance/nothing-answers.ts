import { UsageError } from '../../core/errors.js'

/** Where a service is looked for that is none. */
export function nothingAnswers({
  url,
  what,
  cause,
}: {
  url: string
  what: string
  cause: unknown
}): UsageError {
  return new UsageError(`${url}: expected ${what} to answer there, got: ${saidBy(cause)}`)
}

/** What an error says, with what it says of its own cause, in one line. */
export function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? ` (${error.cause.message || error.cause.name})` : ''
  return `${error.message}${cause}`.replace(/\s+/g, ' ').slice(0, 300)
}
