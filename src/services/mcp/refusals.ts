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

/** Nothing is open that code could run over. */
export function noImage({ hasExpired, leaseMs }: { hasExpired: boolean; leaseMs: number }): ServiceError {
  return new ServiceError({
    status: 409,
    code: 'no_image',
    message: hasExpired
      ? `No image is open any more: nobody used them for ${leaseMs / 1000} s.`
      : 'No image is open.',
    hint: 'Open one with open_image; its index is then told.',
  })
}

/** @param given.coming those that calls under way may yet leave */
export function tooManyImages({
  held,
  coming,
  limit,
}: {
  held: number
  coming: number
  limit: number
}): ServiceError {
  const images = `${held} ${held === 1 ? 'image' : 'images'}`
  const others = coming === 0 ? '' : `, and ${coming} ${coming === 1 ? 'is' : 'are'} under way`
  return new ServiceError({
    status: 409,
    code: 'too_many_images',
    message: `This session holds ${images}${others}; ${limit} are allowed.`,
    hint: 'Call close to give them up, then open again what is still needed.',
  })
}

/** The pixels of all sessions together are as many as they may be. */
export function imagesFull(): ServiceError {
  return new ServiceError({
    status: 429,
    code: 'images_full',
    message: 'The images of all sessions take as much memory as they may; close gives up those of this one.',
    hint: 'Call close, or try again later.',
    retryAfterSeconds: 5,
  })
}

/** The images went while a call was under way. */
export function imagesReleased(): ServiceError {
  return new ServiceError({
    status: 409,
    code: 'images_released',
    message: 'The images were given up while this ran.',
    hint: 'Open them again with open_image.',
  })
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 2 : 0)
}
