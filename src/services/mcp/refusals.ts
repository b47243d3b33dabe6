import { ServiceError } from '../service-error.js'

/** The image of an `open_image` cannot be had: what was wrong, and what to do. */
export function cannotOpen({
  message,
  hint,
  cause,
}: {
  message: string
  hint: string
  cause?: unknown
}): ServiceError {
  return new ServiceError({ status: 422, code: 'cannot_open', message, hint, cause })
}

export function fileTooLarge({ what, limit }: { what: string; limit: number }): ServiceError {
  return cannotOpen({
    message: `${what} is larger than ${megabytes(limit)} MB, the most that is opened.`,
    hint: 'Open a smaller file, or raise the limit of the server (--file-mb).',
  })
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 2 : 0)
}
