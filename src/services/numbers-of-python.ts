import type { FastifyInstance } from 'fastify'
import { parsePythonJson, PythonJsonError, type PythonJson } from '../core/python/json.js'
import { jsonBodyParser } from './json-body-parser.js'

/**
 * Let bodies have the NaN and Infinity that Python writes into its JSON, so that whoever checks them can say where they stand. Everything else that is no JSON is
 * refused as always.
 */
export function readNumbersOfPython(app: FastifyInstance): void {
  const usual = jsonBodyParser(app)
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    const settle = (error: Error | null, value?: unknown): void => {
      if (error === null) return done(null, value)
      const found = /NaN|Infinity/.test(text) ? plainJson(text) : undefined
      return found === undefined ? done(error) : done(null, found.value)
    }
    void usual(request, text, settle)
  })
}

function plainJson(text: string): { value: unknown } | undefined {
  try {
    return { value: plain(parsePythonJson(text)) }
  } catch (error) {
    if (error instanceof PythonJsonError) return undefined
    throw error
  }
}

function plain(value: PythonJson): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  return value instanceof Map
    ? Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]))
    : value
}
