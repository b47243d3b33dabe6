import { z } from 'zod'
import type { RewardRequests } from '../reward-requests.js'
import { rewardServiceSchema } from '../reward-service-schema.js'
import { sandboxSchema } from '../schema-document.js'
import { finishAnswer, finishRequest } from './finish-messages.js'
import { beginRequest, turnRequest } from './http-routes.js'
import { metricsRequest, seedRequest, toolRequest, verifyRequest } from './nemo-requests.js'
import { observation } from './observation.js'
import { clientMessage, episodeState, resetRequest, stepRequest } from './openenv-messages.js'

/** The bodies that the environment service takes and gives, as JSON Schema (2020-12), by route. */
export function environmentSchema({ rewards }: { rewards: RewardRequests }): object {
  const request = (schema: z.ZodType): object => z.toJSONSchema(schema, { io: 'input' })
  const answer = (schema: z.ZodType): object => z.toJSONSchema(schema)
  const told = z.object({ observation, reward: z.number().nullable(), done: z.boolean() })
  return {
    ...rewardServiceSchema(rewards),
    ...sandboxSchema(),
    'POST /v1/sessions (an episode)': { request: request(beginRequest) },
    'POST /v1/sessions/{id}/step': { request: request(turnRequest), answer: answer(told) },
    'POST /v1/sessions/{id}/finish': { request: request(finishRequest), answer: answer(finishAnswer) },
    'GET /ws': { message: request(clientMessage) },
    'POST /reset': { request: request(resetRequest), answer: answer(told) },
    'POST /step': { request: request(stepRequest), answer: answer(told) },
    'GET /state': { answer: answer(episodeState) },
    'POST /seed_session': { request: request(seedRequest) },
    'POST /code_image_tool': { request: request(toolRequest) },
    'POST /verify': { request: request(verifyRequest) },
    'POST /aggregate_metrics': { request: request(metricsRequest) },
  }
}
