import { EngineError, JudgeError, ModelCapError, ModelError } from '../../core/errors.js'

/** Samples in a row, for each that runs at the same time: with the usual repetitions, about two and a half minutes without one answer of a server that refuses connections. */
const IN_A_ROW = 20

/** Where a caller does not say: a server that is started anew meanwhile need not end the run. */
export function stopAfterFailures({ concurrency }: { concurrency: number }): number {
  return IN_A_ROW * concurrency
}

/** What a server refuses because of what it was sent: another sample may well be answered. */
const REFUSED_SAMPLES: ReadonlySet<number> = new Set([400, 413, 414, 415, 422])

/** Whether an error says that the model's server (or engine) does not work, and not that one sample cannot be asked. */
export function isServerFailure(error: Error): error is ModelError {
  if (!(error instanceof ModelError) || error instanceof JudgeError || error instanceof ModelCapError)
    return false
  if (error instanceof EngineError) return true
  // Policies without a server (a recorded run, OCR) make no attempts.
  if (error.attempts === undefined || error.isContextFull) return false
  return error.status === undefined || (error.status >= 300 && !REFUSED_SAMPLES.has(error.status))
}

/** Why a run does not go on: nothing has been answered for so long. */
export interface ServerFailures {
  /** Add how a sample ended that was rolled out: the failure it ended with, or null. @returns why to stop, once it is too many. */
  add(failure: Error | null): string | null
}

/** Counts samples in a row that the model's server failed; one that it answered begins the count anew, one that failed otherwise changes nothing. */
export function serverFailures({ limit }: { limit: number }): ServerFailures {
  let inARow = 0
  return {
    add(failure) {
      if (failure === null || failure instanceof JudgeError) inARow = 0
      else if (isServerFailure(failure)) {
        inARow++
        if (inARow >= limit)
          return `The model's server failed ${inARow} samples in a row (stopAfterFailures: ${limit}). The last: ${failure.message.split('\n')[0]}`
      }
      return null
    },
  }
}
