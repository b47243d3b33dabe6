import { errorCode } from '../../core/error-code.js'
import { CodeVisionError, HubError } from '../../core/errors.js'
import { pageOf, type HubRepository } from './hub-repository.js'

/** Where to turn to when the hub is no help. */
const ELSE =
  'or download it elsewhere and name the local file (--data FILE, or `data: FILE` in the configuration)'

/** What an answer of the hub that is no success means, in one sentence. */
export function statusFailure({
  hub,
  what,
  status,
}: {
  hub: HubRepository
  /** What was asked for: `the revision main`, or a file. */
  what: string
  status: number
}): HubError {
  const from = `${what} of the data set ${hub.repository}`
  switch (status) {
    case 401:
    case 403:
      return new HubError(
        `${from} was refused (HTTP ${status}): ${
          hub.token === null
            ? 'expected a token, got none; set HF_TOKEN'
            : 'expected a token (HF_TOKEN) that may read it'
        }. Where the data set asks for it, accept its terms first, signed in, at ${pageOf(hub)}; ${ELSE}.`,
      )
    case 404:
      return new HubError(
        `${from} is not there (HTTP 404) at ${pageOf(hub)}: expected repository, revision and file as the suite's definition names them; where the data set is private, set HF_TOKEN.`,
      )
    case 429:
      return new HubError(`${from} was put off (HTTP 429): too many requests; try again later, ${ELSE}.`, {
        isRetryable: true,
      })
    default:
      return new HubError(
        `${from} failed at ${hub.endpoint} with HTTP ${status}; try again later, ${ELSE}.`,
        {
          isRetryable: status >= 500,
        },
      )
  }
}

/** What a failure below HTTP means: no network, a broken connection, a full disk. Errors that have been told already pass. */
export function transportFailure({
  hub,
  what,
  cause,
}: {
  hub: HubRepository
  what: string
  cause: unknown
}): unknown {
  if (cause instanceof CodeVisionError || isAbort(cause)) return cause
  const status = statusOf(cause)
  if (status !== null) return statusFailure({ hub, what, status })
  const code = codeOf(cause)
  const from = `${what} of the data set ${hub.repository}`
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new HubError(
        `${from}: the disk is full; free space, or set CODEVISION_CACHE to a folder on another disk. What has arrived is kept, and the download goes on from there.`,
        { cause },
      )
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new HubError(
        `${from} cannot be written: ${String(cause)}; set CODEVISION_CACHE to a folder that can be.`,
        { cause },
      )
    default:
      return new HubError(
        `${from}: ${hub.endpoint} cannot be reached (${code ?? String(cause)}); is this machine offline, or HF_ENDPOINT wrong? Try again later, ${ELSE}. All files: ${pageOf(hub)}/tree/${hub.revision}`,
        { cause, isRetryable: true },
      )
  }
}

/** The library's error says the status; fetch hides the system's code in its cause. */
function statusOf(cause: unknown): number | null {
  if (typeof cause !== 'object' || cause === null || !('statusCode' in cause)) return null
  return typeof cause.statusCode === 'number' ? cause.statusCode : null
}

function codeOf(cause: unknown): string | null {
  const own = errorCode(cause)
  if (own !== null) return own
  return typeof cause === 'object' && cause !== null && 'cause' in cause ? codeOf(cause.cause) : null
}

function isAbort(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'AbortError'
}
