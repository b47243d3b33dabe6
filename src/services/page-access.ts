import type { FastifyReply, FastifyRequest } from 'fastify'
import { expectKnownOrigin } from './access.js'

/** Which pages in a browser may use a service, and what of it. */
export interface PageAccess {
  /** Beside pages of this machine, such as `https://chat.example`. */
  origins: readonly string[]
  methods: readonly string[]
  /** Headers that a request of a page may have. */
  requestHeaders: readonly string[]
  /** Headers of an answer that a page may read. */
  answerHeaders: readonly string[]
}

/** Browsers keep the answer to a preflight for two hours at most. */
const KEPT_SECONDS = 7200

/**
 * Let a page that is known read the answer, which its browser keeps from it otherwise.
 * @throws ServiceError (403) for other pages
 */
export function admitPage({
  request: { headers },
  reply,
  pages,
}: {
  request: FastifyRequest
  reply: FastifyReply
  pages: PageAccess
}): void {
  const { origin } = headers
  // The framework's own headers are lost where something else writes the answer.
  reply.raw.setHeader('vary', 'Origin')
  expectKnownOrigin({ origin, origins: pages.origins })
  if (origin === undefined) return
  reply.raw.setHeader('access-control-allow-origin', origin)
  reply.raw.setHeader('access-control-expose-headers', pages.answerHeaders.join(', '))
}

/** Whether a browser asks what a page may do before it does it. It sends no token with that. */
export function isPreflight({ method, headers }: FastifyRequest): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  )
}

/** Tell the browser of a page that was admitted what it may do. */
export function answerPreflight({
  request: { headers },
  reply,
  pages,
}: {
  request: FastifyRequest
  reply: FastifyReply
  pages: PageAccess
}): FastifyReply {
  void reply.headers({
    'access-control-allow-methods': pages.methods.join(', '),
    'access-control-allow-headers': pages.requestHeaders.join(', '),
    'access-control-max-age': KEPT_SECONDS,
  })
  // Of a page of the public internet that asks for an address of this machine or its network.
  if (headers['access-control-request-private-network'] === 'true')
    void reply.header('access-control-allow-private-network', 'true')
  return reply.status(204).send()
}
