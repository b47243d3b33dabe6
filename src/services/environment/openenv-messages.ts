import { z } from 'zod'
import { action } from './action.js'

const choice = {
  task: z
    .union([z.number().int(), z.string().min(1)])
    .nullish()
    .describe('Place of the task, from 0, or its key.'),
  seed: z.number().int().min(0).nullish().describe('Draws a task: the same seed, the same task.'),
}

/** What a reset may say; neither task nor seed: the next task in order. */
export const resetRequest = z.strictObject({
  ...choice,
  episode_id: z
    .string()
    .min(1)
    .max(255)
    .nullish()
    .describe("The rollout's id; one is made where there is none."),
})

/** What a client sends over /ws. */
export const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('reset'), data: resetRequest.nullish().transform((data) => data ?? {}) }),
  z.strictObject({ type: z.literal('step'), data: action }),
  z.strictObject({ type: z.literal('state'), data: z.unknown().optional() }),
  z.strictObject({ type: z.literal('close'), data: z.unknown().optional() }),
])

/** Messages by type, so that an error speaks of the one that was meant. */
export const MESSAGES = Object.fromEntries(
  clientMessage.options.map((option) => [option.shape.type.value, option]),
) as Record<ClientMessage['type'], (typeof clientMessage.options)[number]>

export type ClientMessage = z.output<typeof clientMessage>

/** POST /step, which has no session: the task is named with each. */
export const stepRequest = z.strictObject({
  ...choice,
  action,
  timeout_s: z
    .number()
    .positive()
    .nullish()
    .describe('Not looked at: calls have the deadline of the configuration.'),
  request_id: z.string().max(255).nullish(),
})

/** What is told of an episode. */
export const episodeState = z.object({
  episode_id: z.string().nullable(),
  step_count: z.number().int(),
  done: z.boolean(),
  task: z.object({ index: z.number().int(), key: z.string(), suite: z.string() }).nullable(),
  tasks: z.number().int().describe('How many there are.'),
  images: z.array(z.object({ index: z.number().int(), width: z.number().int(), height: z.number().int() })),
  turns_left: z.number().int(),
  stop: z.enum(['answer', 'turn-limit', 'token-limit', 'truncated']).nullable(),
  reward: z.number().nullable(),
})

export type EpisodeState = z.output<typeof episodeState>
