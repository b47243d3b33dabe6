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
  const said = cause instanceof Error ? cause.message : String(cause)
  return new UsageError(`${url}: expected ${what} to answer there, got: ${said}`)
}
