import { CodeVisionError, UsageError } from '../core/errors.js'
import { suppressedBy } from '../core/suppressed-errors.js'

/** Exit codes of every command. */
export const EXIT = { complete: 0, failed: 1, usage: 2, thresholdMissed: 100, interrupted: 130 } as const

/** Print why a command failed, in one paragraph, and a line for each thing that could not be closed after it; returns its exit code. */
export function reportFailure(error: unknown): number {
  const code = reportFirst(error)
  for (const other of suppressedBy(error)) console.error(`Besides, at the end: ${String(other)}`)
  return code
}

function reportFirst(error: unknown): number {
  if (error instanceof UsageError) {
    console.error(error.message)
    return EXIT.usage
  }
  if (error instanceof CodeVisionError) {
    console.error(`${error.name}: ${error.message}`)
    return EXIT.failed
  }
  if (error instanceof Error && error.name === 'AbortError') {
    console.error('Interrupted.')
    return EXIT.interrupted
  }
  console.error(error)
  return EXIT.failed
}
