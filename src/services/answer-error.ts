import type { FastifyError } from 'fastify'
import { errorCode } from '../core/error-code.js'
import { ModelError, SandboxError, UsageError } from '../core/errors.js'
import { RewardInputError } from '../reward/read-reward-groups.js'
import { ServiceError } from './service-error.js'

/** Every error as one that can be answered: what the caller did wrong keeps its status, what the machine did wrong is 500, or 503 where it may pass. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error
  if (error instanceof SandboxError) return machineFailed(error)
  if (error instanceof ModelError)
    return new ServiceError({
      ...{ status: 503, code: 'judge_failed', message: error.message.split('\n')[0] ?? '', cause: error },
      hint: 'Send the same request again (a turn with the same call_id).',
      retryAfterSeconds: Math.ceil(error.retryAfterSeconds ?? 5),
    })
  if (error instanceof RewardInputError)
    return new ServiceError({
      ...{ status: 422, code: 'bad_input', message: error.message, issues: error.issues, cause: error },
      hint: 'GET /v1/schema has the JSON schema of every request.',
    })
  if (error instanceof UsageError)
    return new ServiceError({
      ...{ status: 400, code: 'bad_request', message: error.message, cause: error },
      hint: 'GET /v1/schema has the JSON schema of every request.',
    })
  if (error instanceof Error && error.name === 'AbortError')
    // Nobody reads it; the status is for the log.
    return new ServiceError({ status: 499, code: 'client_gone', message: error.message, hint: '' })
  return requestRefused(error)
}

function machineFailed(error: SandboxError): ServiceError {
  const retry = error.isRetryable
    ? {
        status: 503,
        retryAfterSeconds: 1,
        hint: 'Send the same request again (a call with the same call_id).',
      }
    : { status: 500, hint: 'See the log of the service.' }
  // What a host wrote last is for the log.
  return new ServiceError({
    ...retry,
    code: 'sandbox_failed',
    message: error.message.split('\n')[0] ?? '',
    cause: error,
  })
}

/** What the HTTP server itself refuses. */
function requestRefused(error: unknown): ServiceError {
  switch (errorCode(error)) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refusal({
        ...{ status: 413, code: 'body_too_large', error },
        hint: 'Send less at once, or raise the limit of the service (--body-mb).',
      })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refusal({
        ...{ status: 415, code: 'not_json', error },
        hint: 'Send JSON, with the header Content-Type: application/json.',
      })
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return refusal({ status: 400, code: 'bad_json', error, hint: 'Send one JSON object as the body.' })
  }
  const address = addressRefused(error)
  if (address !== null) return address
  const status = (error as Partial<FastifyError>).statusCode ?? 500
  if (error instanceof SyntaxError || status === 400)
    return refusal({ status: 400, code: 'bad_json', error, hint: 'Send one JSON object as the body.' })
  return new ServiceError({
    ...{ status: 500, code: 'internal', message: 'The service failed at this request.', cause: error },
    hint: 'See the log of the service; it names this request by its id.',
  })
}

/** What leads to no route: a name that no session can have, or no text of UTF-8 in %XX. */
function addressRefused(error: unknown): ServiceError | null {
  switch (errorCode(error)) {
    case 'FST_ERR_MAX_PARAM_LENGTH':
    case 'FST_ERR_BAD_URL':
      return new ServiceError({
        ...{ status: 404, code: 'no_such_route', hint: 'GET /v1/schema lists the routes.', cause: error },
        // It begins with the address, which may be long.
        message: error instanceof Error ? error.message.slice(0, 200) : String(error),
      })
  }
  return null
}

function refusal({
  status,
  code,
  hint,
  error,
}: {
  status: number
  code: string
  hint: string
  error: unknown
}): ServiceError {
  const message = error instanceof Error ? error.message : String(error)
  return new ServiceError({ status, code, message, hint, cause: error })
}
