import { lowerMemory, type MemorySettings } from '../../config/memory-settings.js'
import { EngineError, UsageError } from '../../core/errors.js'
import type { WorkerFailure } from './worker-event.js'

/** What the process told, as who asked gets it; fatal: what it holds cannot be trusted any more, or does not fit. */
export type ToldFailure =
  { readonly isFatal: true; readonly error: EngineError } | { readonly isFatal: false; readonly error: Error }

/** What a job failed with. A file that could not be written is an error as those of Node's file system: whoever knows what it was for says what to do. */
export function toldFailure({
  failure,
  memory,
}: {
  failure: WorkerFailure
  memory: MemorySettings
}): ToldFailure {
  const { kind, message, traceback } = failure
  switch (kind) {
    case 'refused':
      return { isFatal: false, error: new UsageError(message.replace(/^Refusal: /, '')) }
    case 'unwritten': {
      const error = new Error(message.replace(/^NotWritten: /, ''), { cause: traceback })
      return { isFatal: false, error: Object.assign(error, { code: failure.code }) }
    }
    case 'memory':
      return {
        isFatal: true,
        error: new EngineError(
          `The torch engine ran out of memory and was ended: ${message}\n${lowerMemory(memory)}, ${memory.adapters === null ? '' : `train adapters (${memory.adapters}), `}or take a larger device.`,
          { cause: traceback },
        ),
      }
    case 'defect':
      return {
        isFatal: true,
        error: new EngineError(`The torch engine broke off and was ended: ${message}\n${traceback}`, {
          cause: traceback,
        }),
      }
  }
}

/** What to do about a process that is gone. */
export function adviceOnDeath({ atOnce }: MemorySettings): string {
  return `The policy is over; open another one, from the last checkpoint where it was trained. Where the system ended it (SIGKILL), memory is the usual reason: take a smaller model or batch (${atOnce.join(', ')}), or a GPU.`
}
