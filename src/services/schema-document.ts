import { z } from 'zod'
import { errorAnswer, executeAnswer, healthAnswer, sessionAnswer } from './answers.js'
import { executeRequest, imageQuery, openRequest } from './requests.js'

/** The bodies that the sandbox service takes and gives, as JSON Schema (2020-12), by route. */
export function sandboxSchema(): object {
  const request = (schema: z.ZodType): object => z.toJSONSchema(schema, { io: 'input' })
  const answer = (schema: z.ZodType): object => z.toJSONSchema(schema)
  return {
    'POST /v1/sessions': { request: request(openRequest), answer: answer(sessionAnswer) },
    'GET /v1/sessions/{id}': { answer: answer(sessionAnswer) },
    'POST /v1/sessions/{id}/execute': { request: request(executeRequest), answer: answer(executeAnswer) },
    'GET /v1/sessions/{id}/images/{n}': { query: request(imageQuery) },
    'GET /healthz': { answer: answer(healthAnswer) },
    error: answer(errorAnswer),
  }
}
