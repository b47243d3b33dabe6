/**
 * One base class, one subclass for each boundary that can be crossed.
 *
 *     CodeVisionError
 *     ├─ UsageError         the caller's input: option, file, row, configuration (exit code 2)
 *     │  └─ DataError       a row that cannot be used, though others can
 *     │     └─ ImageError   its image
 *     ├─ BridgeError        the JS–Python bridge: start, death, deadline of a request
 *     ├─ SandboxError       the sandbox: no runtime, host gone, disk full
 *     ├─ ModelError         the model's server
 *     │  ├─ EngineError     the process that holds the weights: gone, out of memory, broken (its policy is over)
 *     │  └─ ModelCapError   not asked any more: a cap on calls, tokens or cost is reached
 *     ├─ JudgeError         the judge's server
 *     │  └─ JudgeCapError   not asked any more: a cap on calls, tokens or cost is reached
 *     ├─ LedgerError        the tokens of a rollout cannot be trained as they are recorded
 *     ├─ TrainingError      a step of training cannot be made: no rollout ended, numbers are no longer finite
 *     ├─ StoreError         the run folder: locked, corrupt, disk full
 *     ├─ HubError           data sets of the hub: not there, not allowed, not reached, not whole
 *     ├─ ClusterError       the cluster that jobs are handed to: not reached, refuses, answers with something else
 *     ├─ ServiceProcessError  a service of this program in a process of its own: ended before it listened, or while it was used
 *     └─ ConformanceError   what tries the rules of an outside trainer: died, said something else, or nothing
 *
 * What the model under evaluation did wrong is never one of these: it is data (see {@link Execution}).
 */
export class CodeVisionError extends Error {
  /** Whether the same call may succeed when it is made again. */
  readonly isRetryable: boolean

  constructor(message: string, { cause, isRetryable = false }: ErrorParameters = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.isRetryable = isRetryable
  }
}

export interface ErrorParameters {
  cause?: unknown
  isRetryable?: boolean
}

export class UsageError extends CodeVisionError {}

export class DataError extends UsageError {}

/** An image that was handed in cannot be used: corrupt, empty, too large; retryable where decoding took too long or its worker died, which may be the machine's doing. */
export class ImageError extends DataError {}

export class BridgeError extends CodeVisionError {}

export class SandboxError extends CodeVisionError {}

export class ModelError extends CodeVisionError {
  /** Seconds the server asked to wait (Retry-After), where it said so. */
  readonly retryAfterSeconds: number | undefined
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined
  /** Requests that were made before it was given up, by whoever owns their repetition: nobody above repeats the call. Undefined: nobody repeated it. */
  readonly attempts: number | undefined
  /** What was sent is longer than the model's context (by the server's own code where there is one), or than the conversation may be. */
  readonly isContextFull: boolean
  /** The answer was not whole in the time that one request has. */
  readonly isDeadline: boolean

  constructor(
    message: string,
    parameters: ErrorParameters & {
      retryAfterSeconds?: number | undefined
      status?: number | undefined
      attempts?: number | undefined
      isContextFull?: boolean
      isDeadline?: boolean
    } = {},
  ) {
    super(message, parameters)
    this.retryAfterSeconds = parameters.retryAfterSeconds
    this.status = parameters.status
    this.attempts = parameters.attempts
    this.isContextFull = parameters.isContextFull ?? false
    this.isDeadline = parameters.isDeadline ?? false
  }
}

/** Retryable: by a policy that is opened anew, from the last checkpoint where it was trained; not where memory did not suffice, since it will not then either. */
export class EngineError extends ModelError {}

export class ModelCapError extends ModelError {}

export class JudgeError extends ModelError {}

export class JudgeCapError extends JudgeError {}

export class LedgerError extends CodeVisionError {}

export class TrainingError extends CodeVisionError {}

export class StoreError extends CodeVisionError {}

export class HubError extends CodeVisionError {}

export class ServiceProcessError extends CodeVisionError {}

export class ConformanceError extends CodeVisionError {}

export class ClusterError extends CodeVisionError {
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined

  constructor(message: string, parameters: ErrorParameters & { status?: number | undefined } = {}) {
    super(message, parameters)
    this.status = parameters.status
  }
}
