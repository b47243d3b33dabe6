import { ServiceError } from './service-error.js'
import type { ServiceLimits } from './service-limits.js'

/**
 * Sessions that are over give their place first.
 * @param parameters.own bytes of the session that asks, which do not stand in its way
 * @throws ServiceError (429) where the others hold as many bytes of images as they may.
 */
export function expectMemory({
  sessions,
  limits,
  own = 0,
}: {
  sessions: { dropUntil(limit: { heldBytes: number }): number }
  limits: ServiceLimits
  own?: number
}): void {
  const heldBytes = sessions.dropUntil({ heldBytes: limits.heldBytes + own }) - own
  if (heldBytes < limits.heldBytes) return
  throw new ServiceError({
    status: 429,
    code: 'images_full',
    message: `Sessions hold ${Math.round(heldBytes / 2 ** 20)} MiB of images; ${Math.round(limits.heldBytes / 2 ** 20)} MiB are allowed.`,
    hint: 'End sessions that are done (DELETE /v1/sessions/{id}), or try again after Retry-After seconds.',
    retryAfterSeconds: 5,
  })
}
