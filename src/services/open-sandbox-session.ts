import { UsageError } from '../core/errors.js'
import { pixelBytes } from '../core/image.js'
import type { AdmitImage, Sandbox } from '../core/sandbox.js'
import { ServiceError } from './service-error.js'
import type { ServiceLimits } from './service-limits.js'
import { digest, ServiceSession } from './service-session.js'
import type { OpenSession } from './session-table.js'

/** How a table opens a session over images: as a session of the sandbox. */
export function openSandboxSession({
  client,
  id,
  images,
  sandbox,
  limits,
  signal,
}: {
  client: string
  id: string | undefined
  images: readonly Buffer[]
  sandbox: Sandbox
  limits: ServiceLimits
  /** Aborted when the client goes away. */
  signal: AbortSignal
}): OpenSession<ServiceSession> {
  const { profile } = sandbox
  return {
    client,
    id,
    fingerprint: digest([profile, ...images]),
    images: images.length,
    start: async (name, reserve) => {
      const admit: AdmitImage = (image) => reserve(pixelBytes(image))
      const session = await sandbox.open(images, { user: client, admit, signal }).catch((error: unknown) => {
        throw error instanceof UsageError ? badImage(error) : error
      })
      return new ServiceSession({ id: name, client, profile, session, limits })
    },
  }
}

/** What a caller's image that cannot be decoded is answered with. */
export function badImage(cause: UsageError): ServiceError {
  return new ServiceError({
    status: 422,
    code: 'bad_image',
    message: cause.message,
    hint: 'Send image files that Pillow can read, within the size limits of the sandbox.',
    cause,
  })
}
