import type { Sandbox, SandboxProfile } from '../core/sandbox.js'
import { expectProfile } from './expect-profile.js'
import { openImagesSession } from './open-images-session.js'
import { addSessionRoutes, type SessionRoutesParameters } from './session-routes.js'

export interface SandboxRoutesParameters extends SessionRoutesParameters {
  /** By profile; the first is the default. */
  sandboxes: ReadonlyMap<SandboxProfile, Sandbox>
}

/** The routes under /v1/sessions. */
export function addSandboxRoutes(parameters: SandboxRoutesParameters): void {
  const { app, sandboxes } = parameters

  app.post('/v1/sessions', async (request, reply) =>
    openImagesSession({
      ...{ request, reply, parts: parameters },
      sandboxOf: (profile = defaultOf(sandboxes)) => sandboxOf(sandboxes, profile),
    }),
  )
  addSessionRoutes(parameters)
}

function defaultOf(sandboxes: ReadonlyMap<SandboxProfile, Sandbox>): SandboxProfile {
  return sandboxes.keys().next().value ?? 'standard'
}

function sandboxOf(sandboxes: ReadonlyMap<SandboxProfile, Sandbox>, profile: SandboxProfile): Sandbox {
  expectProfile({ profile, offered: [...sandboxes.keys()] })
  return sandboxes.get(profile) as Sandbox
}
