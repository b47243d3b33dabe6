import { z } from 'zod'
import { rewardSchema } from '../config/reward-schema.js'
import { errorAnswer, healthAnswer } from './answers.js'
import { rewardAnswer } from './reward-answers.js'
import type { RewardRequests } from './reward-requests.js'

/** The bodies that the reward service takes and gives, as JSON Schema (2020-12), by route; `reward` is what `params`, with variant and analysis, may say. */
export function rewardServiceSchema({ whole }: RewardRequests): object {
  const request = z.toJSONSchema(z.union([whole.groups, whole.trajectories]), { io: 'input' })
  return {
    'POST /v1/reward': { request, answer: z.toJSONSchema(rewardAnswer) },
    'GET /healthz': { answer: z.toJSONSchema(healthAnswer) },
    reward: z.toJSONSchema(rewardSchema, { io: 'input' }),
    error: z.toJSONSchema(errorAnswer),
  }
}
