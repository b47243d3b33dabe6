import { ErrorCode } from '@modelcontextprotocol/sdk/types.js'
import { SandboxError, UsageError, CodeVisionError } from '../../core/errors.js'
import { ServiceError } from '../service-error.js'

/** What the SDK answers as a JSON-RPC error; its own class would write the code into the message. */
export class ProtocolError extends CodeVisionError {
  readonly code: number
  readonly data: { isRetryable: boolean }

  constructor({
    code,
    message,
    isRetryable = false,
    cause,
  }: {
    code: ErrorCode
    message: string
    isRetryable?: boolean
    cause?: unknown
  }) {
    super(message, { cause, isRetryable })
    this.code = code
    this.data = { isRetryable }
  }
}

/**
 * What went wrong in a tool, as the text of a result that the model reads, or as an error of the protocol where the machine is at fault: nothing that the model
 * writes would help then.
 */
export function toolProblem(error: unknown): string | ProtocolError {
  if (error instanceof ServiceError && error.status < 500) {
    const { message, hint, retryAfterSeconds } = error
    // There is no header here that could say it.
    return retryAfterSeconds === undefined
      ? `${message} ${hint}`
      : `${message} Call it again in about ${retryAfterSeconds} s, or let fewer calls run at the same time.`
  }
  if (error instanceof UsageError) return error.message
  const isKnown = error instanceof ServiceError || error instanceof SandboxError
  return new ProtocolError({
    code: ErrorCode.InternalError,
    // What a host wrote last is for the log.
    message: isKnown
      ? (error.message.split('\n')[0] ?? '')
      : 'The server failed at this call; its log says why.',
    isRetryable: isKnown && error.isRetryable,
    cause: error,
  })
}
