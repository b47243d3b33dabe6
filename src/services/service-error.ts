import { CodeVisionError } from '../core/errors.js'

export interface ServiceErrorParameters {
  /** HTTP status. */
  status: number
  /** What a program tells errors apart by, such as `queue_full`. */
  code: string
  message: string
  /** What to do. */
  hint: string
  /** For 429 and 503: when to try again. */
  retryAfterSeconds?: number
  /** What is wrong with the request, field by field. */
  issues?: readonly { path: string; message: string }[]
  cause?: unknown
}

/** What the caller of a service did wrong, or cannot have now; every other error is one of ours. */
export class ServiceError extends CodeVisionError {
  readonly status: number
  readonly code: string
  readonly hint: string
  readonly retryAfterSeconds: number | undefined
  readonly issues: readonly { path: string; message: string }[] | undefined

  constructor({ status, code, message, hint, retryAfterSeconds, issues, cause }: ServiceErrorParameters) {
    super(message, { cause, isRetryable: retryAfterSeconds !== undefined })
    this.status = status
    this.code = code
    this.hint = hint
    this.retryAfterSeconds = retryAfterSeconds
    this.issues = issues
  }
}
