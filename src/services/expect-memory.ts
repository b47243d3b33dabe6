import { ServiceError } from './service-error.js'
import type { ServiceLimits } from './service-limits.js'

/** @throws ServiceError (429) where open sessions hold as many pixels as they may. */
export function expectMemory({
  sessions,
  limits,
}: {
  sessions: { readonly heldBytes: number }
  limits: ServiceLimits
}): void {
  const { heldBytes } = sessions
  if (heldBytes < limits.heldBytes) return
  throw new ServiceError({
    status: 429,
    code: 'images_full',
    message: `Open sessions hold ${Math.round(heldBytes / 2 ** 20)} MiB of pixels; ${Math.round(limits.heldBytes / 2 ** 20)} MiB are allowed.`,
    hint: 'End sessions that are done (DELETE /v1/sessions/{id}), or try again after Retry-After seconds.',
    retryAfterSeconds: 5,
  })
}
