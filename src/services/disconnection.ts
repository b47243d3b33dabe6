import type { FastifyReply } from 'fastify'

/** Aborted when the client is gone before it had its answer. */
export function disconnection(reply: FastifyReply): AbortSignal {
  const abort = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) abort.abort()
  })
  if (reply.raw.destroyed) abort.abort()
  return abort.signal
}
