import type { SandboxProfile } from '../core/sandbox.js'
import { ServiceError } from './service-error.js'

/** @throws ServiceError (400) where the service runs no sandbox of that profile. */
export function expectProfile({
  profile,
  offered,
}: {
  /** Undefined: the client does not mind. */
  profile: SandboxProfile | undefined
  offered: readonly SandboxProfile[]
}): void {
  if (profile === undefined || offered.includes(profile)) return
  throw new ServiceError({
    status: 400,
    code: 'profile_not_offered',
    message: `profile: expected one of ${offered.join(', ')}, got ${profile}.`,
    hint: `Start the service with --profile ${profile}.`,
  })
}
