import { z } from 'zod'
import type { EncodedImage } from '../../core/image.js'
import { textOf, type Message } from '../../core/message.js'
import type { ToolDescription } from '../../core/policy.js'
import { OUTCOMES } from '../../core/sample.js'
import type { Task } from '../../core/task.js'
import { base64, Base64 } from '../base64.js'
import type { EpisodeProgress } from './episode.js'
import type { EpisodeSession, SessionTurn } from './episode-session.js'
import type { EpisodeVerdict } from './score-episode.js'

const part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image'), index: z.number().int().describe('Into the images of the episode.') }),
])

/** What the model is told: in the beginning prompt and question, then the answer to its call; at the end, what the episode was worth. */
export const observation = z.object({
  text: z.string().describe('Of the last message.'),
  messages: z
    .array(
      z.object({
        role: z.enum(['system', 'user', 'tool']),
        content: z.array(part),
        tool_call_id: z.string().optional(),
      }),
    )
    .describe('Since the last turn.'),
  images: z
    .array(
      z.object({
        index: z.number().int(),
        media_type: z.string(),
        width: z.number().int(),
        height: z.number().int(),
        data: base64().describe('base64 of the file: the copy that the model sees.'),
      }),
    )
    .describe('New ones.'),
  turns: z.number().int().describe('Assistant turns that were taken.'),
  turns_left: z.number().int(),
  task: z
    .object({ index: z.number().int(), key: z.string(), suite: z.string() })
    .optional()
    .describe('In the beginning.'),
  tools: z
    .array(
      z.object({
        type: z.literal('function'),
        function: z.object({
          name: z.string(),
          description: z.string(),
          parameters: z.record(z.string(), z.unknown()),
        }),
      }),
    )
    .optional()
    .describe('In the beginning.'),
  stop: z.enum(['answer', 'turn-limit', 'token-limit', 'truncated']).optional().describe('At the end: why.'),
  outcome: z.enum(OUTCOMES).optional().describe('At the end.'),
  reward_parts: z.record(z.string(), z.number()).optional().describe('At the end: every component.'),
  reward_reasons: z.array(z.string()).optional(),
})

export type Observation = z.output<typeof observation>

/** What a client is told after a turn. */
export async function observationOf({
  turn,
  turnLimit,
}: {
  turn: SessionTurn | EpisodeProgress
  turnLimit: number
}): Promise<Observation> {
  if (turn.status === 'ended') {
    const { turns, stop } = turn.trajectory
    return {
      ...{ text: '', messages: [], images: [], turns, turns_left: 0, stop },
      ...('verdict' in turn && told(turn.verdict)),
    }
  }
  const { messages, turns } = turn
  const last = messages.at(-1)
  return {
    text: last === undefined ? '' : textOf(last),
    messages: messages.map(wire),
    images: await imagesOf(messages),
    turns,
    turns_left: Math.max(0, turnLimit - turns),
  }
}

/** The same for the beginning: with the task, without what would tell its answer, and the tools. */
export async function openingOf({
  session,
  turnLimit,
  tools,
}: {
  session: EpisodeSession
  turnLimit: number
  tools: readonly ToolDescription[]
}): Promise<Observation> {
  const first = await observationOf({ turn: session.opening, turnLimit })
  return {
    ...first,
    task: describeTask({ task: session.episode.task, place: session.place }),
    tools: tools.map((tool) => ({ type: 'function', function: { ...tool } })),
  }
}

/** A task as clients may know it: without the id of its row, which in many data sets names what was done to the image. */
export function describeTask({ task: { key, suite }, place }: { task: Task; place: number }) {
  return { index: place, key, suite }
}

function told({ outcome, reward }: EpisodeVerdict) {
  return { outcome, reward_parts: reward.parts, reward_reasons: reward.reasons }
}

function wire({ role, content, toolCallId }: Message): Observation['messages'][number] {
  return {
    role: role === 'assistant' ? 'user' : role,
    content: content.map((one) => (one.type === 'text' ? one : { type: 'image', index: one.index })),
    ...(toolCallId !== undefined && { tool_call_id: toolCallId }),
  }
}

async function imagesOf(messages: readonly Message[]): Promise<Observation['images']> {
  const parts = messages.flatMap(({ content }) =>
    content.flatMap((one) => (one.type === 'image' ? [one] : [])),
  )
  return Promise.all(parts.map(({ index, image }) => encoded(index, image)))
}

async function encoded(index: number, image: EncodedImage): Promise<Observation['images'][number]> {
  const { mediaType, width, height } = image
  const data = new Base64(await image.read())
  return { index, media_type: mediaType, width, height, data }
}
