import { z } from 'zod'
import { sessionName } from '../requests.js'

/**
 * What NeMo-Gym sends to a resources server. The rows are the client's own, so whatever else they hold comes along and is not looked at, or is given back.
 * Source: NVIDIA-NeMo/Gym, nemo_gym/base_resources_server.py and responses_api_agents/simple_agent.
 */

/** NeMo-Gym's own numbering of rows and of the rollouts of each. */
const rowIndex = z.number().int().nullish()

/** POST /seed_session: the row. */
export const seedRequest = z.looseObject({
  task: z
    .union([z.number().int(), z.string().min(1)])
    .nullish()
    .describe('Place of the task, from 0, or its key: a column of the row.'),
  seed: z.number().int().min(0).nullish(),
  id: sessionName
    .nullish()
    .describe("The rollout's id; the same id with the same task names the same episode."),
  _ng_task_index: rowIndex,
  _ng_rollout_index: rowIndex,
  images: z
    .enum(['data', 'none'])
    .default('data')
    .describe('none: tools answer with text alone, for agents that hand on their answers as text.'),
})

/**
 * POST /code_image_tool: the arguments that the model wrote, which may be wrong. Nobody but the model writes them, so none of them names a call to the service: each request is a turn.
 */
export const toolRequest = z.looseObject({})

/** One item of a response's output; items of other types are not looked at. */
const outputItem = z.looseObject({
  type: z.string().optional(),
  role: z.string().optional(),
  content: z.unknown().optional(),
  summary: z.unknown().optional(),
  name: z.unknown().optional(),
  arguments: z.unknown().optional(),
  call_id: z.unknown().optional(),
  output: z.unknown().optional(),
})

export type OutputItem = z.output<typeof outputItem>

/** POST /verify: the row, and what the model wrote in all its turns. */
export const verifyRequest = z.looseObject({
  responses_create_params: z.looseObject({}),
  response: z.looseObject({
    output: z.array(outputItem),
    incomplete_details: z.unknown().optional(),
  }),
})

/** POST /aggregate_metrics */
export const metricsRequest = z.strictObject({
  verify_responses: z.array(
    z.looseObject({
      reward: z.number(),
      _ng_task_index: z.number().int().describe('Which rewards belong together.'),
    }),
  ),
})
