import type { FastifyBodyParser, FastifyInstance } from 'fastify'

/** Reads bodies as the framework does; an empty one is none, since many clients send one Content-Type with all requests, DELETE included. */
export function jsonBodyParser(app: FastifyInstance): FastifyBodyParser<string> {
  const usual = app.getDefaultJsonParser('error', 'error')
  return (request, text, done) => (text === '' ? done(null, undefined) : usual(request, text, done))
}
