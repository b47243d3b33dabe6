import { z } from 'zod'
import { CURATION_TYPES, PROVOCATIONS } from '../../../core/curation.js'
import { taskOfLine } from './task-of-line.js'

const text = z.string()
const part = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text }),
  z.strictObject({ type: z.literal('image'), index: z.number().int().min(0) }),
])

const curation = z.object({
  type: z.enum(CURATION_TYPES),
  provocation: z.enum(PROVOCATIONS).nullable(),
  kept: z.boolean(),
  dropped: z.object({ reason: text, detail: text }).nullable(),
  corrected: z.array(text),
})

/** Version of the lines; older ones stay readable. */
export const LINE_VERSION = 1

/** A line of this project's own format (docs/data-formats.md). */
export const conversationLine = z.object({
  schemaVersion: z.literal(LINE_VERSION),
  id: text,
  messages: z
    .array(z.object({ role: z.enum(['system', 'user', 'assistant', 'tool']), content: z.array(part) }))
    .min(1, 'expected messages, got none'),
  images: z.array(text),
  tools: z
    .array(z.object({ name: text, description: text, parameters: z.record(text, z.unknown()) }))
    .nullable()
    .default(null),
  task: taskOfLine.nullable().default(null),
  curation: curation.nullable().default(null),
})

export type ConversationLine = z.input<typeof conversationLine>
