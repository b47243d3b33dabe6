import { toServiceError } from '../answer-error.js'

/** The codes that OpenEnv has for errors over /ws. */
export type OpenEnvCode =
  | 'INVALID_JSON'
  | 'UNKNOWN_TYPE'
  | 'VALIDATION_ERROR'
  | 'EXECUTION_ERROR'
  | 'CAPACITY_REACHED'
  | 'SESSION_ERROR'

export interface OpenEnvError {
  type: 'error'
  data: {
    message: string
    code: OpenEnvCode
    /** Our own code, which tells more of them apart. */
    detail: string
    /** Where the same message may be sent again. */
    retry_after_s?: number
  }
}

/** An error as OpenEnv's clients are told of it: what was expected, what came, and what to do. */
export function openEnvError(error: unknown, code?: OpenEnvCode): OpenEnvError {
  const { status, code: detail, message, hint, retryAfterSeconds } = toServiceError(error)
  return {
    type: 'error',
    data: {
      message: [message.replace(/\.?$/, '.'), hint].filter((part) => part !== '').join(' '),
      code: code ?? codeOf(status),
      detail,
      ...(retryAfterSeconds !== undefined && { retry_after_s: retryAfterSeconds }),
    },
  }
}

function codeOf(status: number): OpenEnvCode {
  if (status === 429) return 'CAPACITY_REACHED'
  if (status === 404 || status === 409) return 'SESSION_ERROR'
  return status < 500 ? 'VALIDATION_ERROR' : 'EXECUTION_ERROR'
}
