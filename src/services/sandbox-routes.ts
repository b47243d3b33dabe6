import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Sandbox, SandboxProfile } from '../core/sandbox.js'
import type { Admission } from './admission.js'
import type { SessionAnswer } from './answers.js'
import { binaryEncoding, sendImage } from './binary-answer.js'
import { decodeImage } from './decode-image.js'
import { disconnection } from './disconnection.js'
import { executionAnswer } from './execution-answer.js'
import { readRequest } from './read-request.js'
import { executeRequest, imageNumber, imageQuery, openRequest, type ViewBounds } from './requests.js'
import { ServiceError } from './service-error.js'
import type { ServiceLimits } from './service-limits.js'
import type { SandboxMetrics } from './sandbox-metrics.js'
import type { ServiceSession } from './service-session.js'
import type { SessionTable } from './session-table.js'

export interface SandboxRoutesParameters {
  app: FastifyInstance
  /** By profile; the first is the default. */
  sandboxes: ReadonlyMap<SandboxProfile, Sandbox>
  sessions: SessionTable
  admission: Admission
  metrics: SandboxMetrics
  limits: ServiceLimits
  leaseMs: number
  onVerdict: () => void
}

interface SessionPath {
  Params: { id: string }
}
interface ImagePath {
  Params: { id: string; n: string }
}

/** The routes under /v1/sessions. */
export function addSandboxRoutes(parameters: SandboxRoutesParameters): void {
  const { app, sandboxes, sessions, admission, limits, leaseMs } = parameters

  app.post('/v1/sessions', async (request, reply) => {
    const { id, images: texts, profile = defaultOf(sandboxes) } = readRequest(openRequest, request.body)
    const sandbox = sandboxOf(sandboxes, profile)
    const images = texts.map((text, index) => decodeImage({ text, name: `images[${index}]` }))
    expectMemory(sessions, limits)
    const { client } = request
    // Under an id of its own choice a client finds the session again; without one it never would.
    const signal = id === undefined ? disconnection(reply) : new AbortController().signal
    const { session, isNew } = await admission.run({ client }, () =>
      sessions.open({ client, id, images, profile, sandbox, signal }),
    )
    return reply.status(isNew ? 201 : 200).send(describe(session, leaseMs))
  })

  app.get<SessionPath>('/v1/sessions/:id', async (request) => describe(find(request), leaseMs))

  app.delete<SessionPath>('/v1/sessions/:id', async (request, reply) => {
    const { client, params } = request
    await sessions.close({ client, id: params.id, reason: sessionEnded(params.id) })
    return reply.status(204).send()
  })

  app.get<ImagePath>('/v1/sessions/:id/images/:n', async (request, reply) => {
    const session = find(request)
    const { format, min_pixels, max_pixels } = readRequest(imageQuery, request.query)
    const bounds =
      min_pixels === undefined || max_pixels === undefined ? undefined : { min_pixels, max_pixels }
    const index = Number(readRequest(imageNumber, request.params.n))
    return sendImage({ reply, encoding: format, image: await view(session, index, bounds) })
  })

  app.post<SessionPath>('/v1/sessions/:id/execute', async (request, reply) => {
    const asked = readRequest(executeRequest, request.body)
    const session = find(request)
    expectTimeout(asked.timeout_ms, limits)
    const execution = await session.execute({
      call: {
        id: asked.call_id,
        code: asked.code,
        description: asked.description,
        imageIndex: asked.image_index,
        timeoutMs: asked.timeout_ms,
      },
      signal: disconnection(reply),
      run: (action) => run(session.client, action),
    })
    const shown =
      execution.status === 'ok' && asked.view !== undefined
        ? await view(session, execution.imageIndex, asked.view)
        : undefined
    const binary = binaryEncoding(request.headers.accept)
    if (binary !== null && execution.status === 'ok') {
      void reply.headers({
        'x-image-index': execution.imageIndex,
        'x-unchanged': String(execution.unchanged),
        'x-duration-ms': execution.durationMs.toFixed(1),
      })
      return sendImage({ reply, encoding: binary, image: shown ?? execution.image })
    }
    return executionAnswer({ callId: asked.call_id, execution, encoding: asked.return, view: shown })
  })

  function find(request: FastifyRequest<SessionPath>): ServiceSession {
    return sessions.find({ client: request.client, id: request.params.id })
  }

  async function view(session: ServiceSession, index: number, bounds: ViewBounds | undefined) {
    return session.image({
      ...{ index, bounds },
      run: (action) => admission.run({ client: session.client }, action),
    })
  }

  /** One run of a call: in the queue, counted. */
  async function run(
    client: string,
    action: () => ReturnType<ServiceSession['execute']>,
  ): ReturnType<ServiceSession['execute']> {
    const { metrics, onVerdict } = parameters
    expectMemory(sessions, limits)
    return admission.run({ client }, async () => {
      const started = performance.now()
      try {
        const execution = await action()
        metrics.called({ execution, seconds: (performance.now() - started) / 1000 })
        onVerdict()
        return execution
      } catch (error) {
        metrics.failed()
        throw error
      }
    })
  }
}

function defaultOf(sandboxes: ReadonlyMap<SandboxProfile, Sandbox>): SandboxProfile {
  return sandboxes.keys().next().value ?? 'standard'
}

function sandboxOf(sandboxes: ReadonlyMap<SandboxProfile, Sandbox>, profile: SandboxProfile): Sandbox {
  const sandbox = sandboxes.get(profile)
  if (sandbox) return sandbox
  throw new ServiceError({
    status: 400,
    code: 'profile_not_offered',
    message: `profile: expected one of ${[...sandboxes.keys()].join(', ')}, got ${profile}.`,
    hint: `Start the service with --profile ${profile}.`,
  })
}

function describe(session: ServiceSession, leaseMs: number): SessionAnswer {
  return {
    session_id: session.id,
    profile: session.profile,
    images: session.images.map(({ width, height, mode }, index) => ({ index, width, height, mode })),
    calls: session.callCount,
    lease_seconds: leaseMs / 1000,
  }
}

function expectTimeout(timeoutMs: number | undefined, limits: ServiceLimits): void {
  if (timeoutMs === undefined || timeoutMs <= limits.timeoutMs) return
  throw new ServiceError({
    status: 400,
    code: 'bad_request',
    message: `timeout_ms: expected at most ${limits.timeoutMs}, got ${timeoutMs}.`,
    hint: 'Ask for less, or raise the limit of the service (--max-timeout).',
  })
}

function expectMemory(sessions: SessionTable, limits: ServiceLimits): void {
  if (sessions.heldBytes < limits.heldBytes) return
  throw new ServiceError({
    status: 429,
    code: 'images_full',
    message: `Open sessions hold ${Math.round(sessions.heldBytes / 2 ** 20)} MiB of pixels; ${Math.round(limits.heldBytes / 2 ** 20)} MiB are allowed.`,
    hint: 'End sessions that are done (DELETE /v1/sessions/{id}), or try again after Retry-After seconds.',
    retryAfterSeconds: 5,
  })
}

function sessionEnded(id: string): ServiceError {
  return new ServiceError({
    status: 409,
    code: 'session_ended',
    message: `Session ${id} was ended while the call ran.`,
    hint: 'Open another one with POST /v1/sessions.',
  })
}
