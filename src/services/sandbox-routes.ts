import type { Sandbox, SandboxProfile } from '../core/sandbox.js'
import { decodeImage } from './decode-image.js'
import { disconnection } from './disconnection.js'
import { expectMemory } from './expect-memory.js'
import { expectProfile } from './expect-profile.js'
import { openSandboxSession } from './open-sandbox-session.js'
import { readRequest } from './read-request.js'
import { openRequest } from './requests.js'
import { addSessionRoutes, describeSession, type SessionRoutesParameters } from './session-routes.js'

export interface SandboxRoutesParameters extends SessionRoutesParameters {
  /** By profile; the first is the default. */
  sandboxes: ReadonlyMap<SandboxProfile, Sandbox>
}

/** The routes under /v1/sessions. */
export function addSandboxRoutes(parameters: SandboxRoutesParameters): void {
  const { app, sandboxes, sessions, admission, limits, leaseMs } = parameters

  app.post('/v1/sessions', async (request, reply) => {
    const { id, images: texts, profile = defaultOf(sandboxes) } = readRequest(openRequest, request.body)
    const sandbox = sandboxOf(sandboxes, profile)
    const images = texts.map((text, index) => decodeImage({ text, name: `images[${index}]` }))
    expectMemory({ sessions, limits })
    const { client } = request
    // Under an id of its own choice a client finds the session again; without one it never would.
    const signal = id === undefined ? disconnection(reply) : new AbortController().signal
    const { session, isNew } = await admission.run({ client }, () =>
      sessions.open(openSandboxSession({ client, id, images, sandbox, limits, signal })),
    )
    return reply.status(isNew ? 201 : 200).send(describeSession(session, leaseMs))
  })
  addSessionRoutes(parameters)
}

function defaultOf(sandboxes: ReadonlyMap<SandboxProfile, Sandbox>): SandboxProfile {
  return sandboxes.keys().next().value ?? 'standard'
}

function sandboxOf(sandboxes: ReadonlyMap<SandboxProfile, Sandbox>, profile: SandboxProfile): Sandbox {
  expectProfile({ profile, offered: [...sandboxes.keys()] })
  return sandboxes.get(profile) as Sandbox
}
