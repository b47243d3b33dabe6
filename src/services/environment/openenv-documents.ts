import { z } from 'zod'
import { action } from './action.js'
import { observation } from './observation.js'
import { episodeState, resetRequest, stepRequest } from './openenv-messages.js'

/** Of OpenEnv's contract between servers and clients. */
const CONTRACT_VERSION = '1.0.0'

const request = (schema: z.ZodType): object => z.toJSONSchema(schema, { io: 'input' })
const answer = (schema: z.ZodType): object => z.toJSONSchema(schema)

/** GET /metadata */
export function openEnvMetadata({ version, tasks }: { version: string; tasks: number }): object {
  return {
    name: 'codevision',
    description: `Questions about images, which a model may look at closer by writing Python: ${tasks} tasks. An action is a turn of the model; the last one is its answer and gets the reward.`,
    version,
    author: null,
    documentation_url: null,
    readme_content: null,
  }
}

/** GET /schema: the JSON schemas of actions, observations and state. */
export function openEnvSchema(): object {
  return { action: request(action), observation: answer(observation), state: answer(episodeState) }
}

/** GET /openapi.json: what OpenEnv's own tools look for. */
export function openEnvPaths({ version }: { version: string }): object {
  const json = (schema: object) => ({ content: { 'application/json': { schema } } })
  const answered = (schema: object) => ({ responses: { 200: { description: 'answered', ...json(schema) } } })
  const told = answer(z.object({ observation, reward: z.number().nullable(), done: z.boolean() }))
  const health = answer(z.object({ status: z.enum(['healthy', 'unhealthy']) }))
  return {
    openapi: '3.1.0',
    info: { title: 'codevision', version: CONTRACT_VERSION, description: `codevision ${version}` },
    paths: {
      '/reset': {
        post: {
          summary: 'The beginning of an episode',
          requestBody: json(request(resetRequest)),
          ...answered(told),
        },
      },
      '/step': {
        post: {
          summary: 'One turn of an episode that begins and ends with it',
          requestBody: json(request(stepRequest)),
          ...answered(told),
        },
      },
      '/state': { get: { summary: 'State without an episode', ...answered(answer(episodeState)) } },
      '/metadata': { get: { summary: 'Name and description', ...answered({ type: 'object' }) } },
      '/schema': {
        get: { summary: 'Schemas of actions, observations and state', ...answered({ type: 'object' }) },
      },
      '/health': { get: { summary: 'Whether code runs', ...answered(health) } },
    },
  }
}
