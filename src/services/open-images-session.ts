import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Sandbox, SandboxProfile } from '../core/sandbox.js'
import { decodeImage } from './decode-image.js'
import { disconnection } from './disconnection.js'
import { openSandboxSession } from './open-sandbox-session.js'
import { readRequest } from './read-request.js'
import { openRequest } from './requests.js'
import type { SandboxMetrics } from './sandbox-metrics.js'
import { describeSession } from './session-routes.js'
import type { SessionParts } from './session-parts.js'

/**
 * Answer POST /v1/sessions with images: 201 for a session that is new, 200 for one that was opened by the same request before.
 * @param parameters.sandboxOf the sandbox of a profile; of undefined where the client names none. @throws what it throws; ServiceError.
 */
export async function openImagesSession({
  request,
  reply,
  sandboxOf,
  parts: { sessions, admission, limits, leaseMs },
}: {
  request: FastifyRequest
  reply: FastifyReply
  sandboxOf: (profile: SandboxProfile | undefined) => Sandbox
  parts: Pick<SessionParts<SandboxMetrics>, 'sessions' | 'admission' | 'limits' | 'leaseMs'>
}): Promise<FastifyReply> {
  const { id, images: texts, profile } = readRequest(openRequest, request.body)
  const sandbox = sandboxOf(profile)
  const images = texts.map((text, index) => decodeImage({ text, name: `images[${index}]` }))
  const { client } = request
  // Under an id of its own choice a client finds the session again; without one it never would.
  const signal = id === undefined ? disconnection(reply) : new AbortController().signal
  const { session, isNew } = await admission.run({ client }, () =>
    sessions.open(openSandboxSession({ client, id, images, sandbox, limits, signal })),
  )
  return reply.status(isNew ? 201 : 200).send(describeSession(session, leaseMs))
}
