import type { FastifyInstance, FastifyRequest } from 'fastify'
import { executionFeedback } from '../agent/feedback.js'
import type { Execution } from '../core/execution.js'
import type { Admission } from './admission.js'
import type { SessionAnswer } from './answers.js'
import { binaryEncoding, sendImage } from './binary-answer.js'
import { disconnection } from './disconnection.js'
import { executionAnswer } from './execution-answer.js'
import { expectMemory } from './expect-memory.js'
import { readRequest } from './read-request.js'
import { executeRequest, imageNumber, imageQuery, type ViewBounds } from './requests.js'
import { ServiceError } from './service-error.js'
import type { ServiceLimits } from './service-limits.js'
import type { SandboxMetrics } from './sandbox-metrics.js'
import type { HeldSession } from './service-session.js'
import type { SessionTable } from './session-table.js'

export interface SessionRoutesParameters {
  app: FastifyInstance
  sessions: SessionTable<HeldSession>
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

/** The routes of a session that is open: /v1/sessions/{id}. */
export function addSessionRoutes(parameters: SessionRoutesParameters): void {
  const { app, sessions, admission, limits, leaseMs } = parameters

  app.get<SessionPath>('/v1/sessions/:id', async (request) => describeSession(find(request), leaseMs))

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
      isViewed: asked.view !== undefined,
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
    return executionAnswer({
      callId: asked.call_id,
      text: executionFeedback({
        call: { code: asked.code, imageIndex: asked.image_index },
        execution,
        note: null,
        style: session.profile,
      }),
      ...{ execution, encoding: asked.return, view: shown },
    })
  })

  function find(request: FastifyRequest<SessionPath>): HeldSession {
    return sessions.find({ client: request.client, id: request.params.id })
  }

  async function view(session: HeldSession, index: number, bounds: ViewBounds | undefined) {
    return session.image({
      ...{ index, bounds },
      run: (action) => {
        expectMemory({ sessions, limits })
        return admission.run({ client: session.client }, action)
      },
    })
  }

  /** One run of a call: in the queue, counted. */
  async function run(client: string, action: () => Promise<Execution>): Promise<Execution> {
    const { metrics, onVerdict } = parameters
    expectMemory({ sessions, limits })
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

/** A session as clients are told of it. */
export function describeSession(session: HeldSession, leaseMs: number): SessionAnswer {
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

function sessionEnded(id: string): ServiceError {
  return new ServiceError({
    status: 409,
    code: 'session_ended',
    message: `Session ${id} was ended before this request was answered.`,
    hint: 'Open another one with POST /v1/sessions.',
  })
}
