import type { ImageRecord } from '../../core/image.js'
import type { Message } from '../../core/message.js'
import type { ToolDescription } from '../../core/policy.js'
import type { Sample } from '../../core/sample.js'
import type { Trajectory } from '../../core/trajectory.js'
import { callsInText } from './calls-in-text.js'
import type { Conversation, ConversationMessage, ConversationPart, ConversationTask } from './conversation.js'
import { MARKERS } from './markers.js'

/** `view`: the copy that the model saw; `original`: the image in full resolution. */
export const IMAGE_CHOICES = ['view', 'original'] as const
export type ImageChoice = (typeof IMAGE_CHOICES)[number]

/** A conversation, or why there is none. */
export type MadeConversation =
  { readonly ok: true; readonly conversation: Conversation } | { readonly ok: false; readonly reason: string }

/** The conversation of a sample, with the images that are chosen. */
export function sampleConversation({
  sample,
  images: choice,
  tools,
  fileOf,
}: {
  sample: Sample
  images: ImageChoice
  /** What was described to the model outside of the system prompt; null: nothing. */
  tools: readonly ToolDescription[] | null
  /** Path of an image of the run. */
  fileOf: (sha256: string) => string
}): MadeConversation {
  const { trajectory } = sample
  if (trajectory === null) return { ok: false, reason: 'expected a rollout that ended, got none' }
  const files: string[] = []
  const messages = trajectory.messages.map((message): ConversationMessage => {
    const content = partsOf(message).map((part): ConversationPart => {
      if (part.type === 'text') return part
      const { sha256 } = choice === 'view' ? part.image : original({ trajectory, part })
      return { type: 'image', index: files.push(fileOf(sha256)) - 1 }
    })
    return { role: message.role, content }
  })
  const reason = problemOf(messages)
  if (reason !== null) return { ok: false, reason }
  return {
    ok: true,
    conversation: {
      id: sample.key,
      messages,
      images: files,
      tools,
      task: taskOf({ sample, trajectory }),
      curation: sample.curation ?? null,
    },
  }
}

/** Neighbouring texts as one: what a chat template puts between parts was never there. */
function partsOf({ content, toolCalls = [] }: Message<ImageRecord>): Message<ImageRecord>['content'] {
  const parts: Message<ImageRecord>['content'] = []
  for (const part of content) {
    const last = parts.at(-1)
    if (part.type === 'text' && last?.type === 'text')
      parts[parts.length - 1] = { type: 'text', text: last.text + part.text }
    else if (part.type === 'image' || part.text !== '') parts.push(part)
  }
  if (toolCalls.length === 0) return parts
  const last = parts.at(-1)
  const text = last?.type === 'text' ? last.text : ''
  const before = last?.type === 'text' ? parts.slice(0, -1) : parts
  return [...before, { type: 'text', text: callsInText({ text, calls: toolCalls }) }]
}

function original({
  trajectory,
  part: { index, image },
}: {
  trajectory: Trajectory
  part: { index: number; image: ImageRecord }
}): ImageRecord {
  return trajectory.images[index] ?? image
}

function problemOf(messages: readonly ConversationMessage[]): string | null {
  const last = messages.at(-1)?.role
  if (last !== 'assistant') return `expected the last message to be the model's, got ${last ?? 'none'}`
  for (const { role, content } of messages) {
    // The system prompt is the one text in which nobody looks for markers.
    if (role === 'system') continue
    const text = content.map((part) => (part.type === 'text' ? part.text : '\n')).join('')
    const marker = MARKERS.find((one) => text.includes(one))
    if (marker !== undefined)
      return `expected no ${marker} in what is written (trainers take it for the place of a file), got one in a message of the ${role}`
  }
  return null
}

function taskOf({ sample, trajectory }: { sample: Sample; trajectory: Trajectory }): ConversationTask {
  const { taskId, suite, question, answers, options, category, cluster, metadata = {} } = sample
  return {
    id: taskId,
    ...{ suite, question, answers },
    ...(options !== undefined && { options }),
    ...(category !== undefined && { category }),
    ...(cluster !== undefined && { cluster }),
    transform: sample.transform,
    requiredTools: sample.requiredTools,
    box: sample.box === null ? null : boxOf(sample.box),
    metadata,
    images: trajectory.images.filter(({ call }) => call === null).length,
  }
}

function boxOf([left = 0, top = 0, right = 0, bottom = 0]: readonly number[]) {
  return [left, top, right, bottom] as const
}
