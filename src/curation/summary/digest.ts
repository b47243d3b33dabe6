import { createHash } from 'node:crypto'
import type { CurationType, Provocation } from '../../core/curation.js'
import type { ImageRecord } from '../../core/image.js'
import { textOf, type Message } from '../../core/message.js'
import { endingOf, type Sample } from '../../core/sample.js'
import type { Transform } from '../../core/transform.js'
import { visualTokens } from './visual-tokens.js'

/** Tokens of a text, by the tokenizer of the model that is to learn. */
export type CountTokens = (text: string) => number

/** What the summary needs of a sample: small, so that a hundred thousand fit in memory. */
export interface CurationDigest {
  key: string
  ending: 'kept' | 'dropped' | 'failed' | 'unusable'
  /** Null where nothing was decided. */
  type: CurationType | null
  provocation: Provocation | null
  transform: Transform
  category: string | null
  dropped: string | null
  corrected: readonly string[]
  attempts: number
  turns: number
  calls: number
  failedCalls: number
  /** Characters that the teacher wrote. */
  characters: number
  promptTokens: number
  completionTokens: number
  visualTokens: number
  /** By a tokenizer: of what the teacher wrote, which is what a model learns from, and of all text of the conversation. Null without one. */
  textTokens: { written: number; conversation: number } | null
  /** Operations that the sandbox observed and the pixels bear out, in calls that worked; each once. */
  tools: readonly string[]
  /** Digest of the reasoning with names and numbers masked. */
  skeleton: string
}

export function curationDigest({
  sample,
  skeletonOf,
  countTokens = null,
}: {
  sample: Sample
  skeletonOf: (messages: readonly Message<ImageRecord>[]) => string
  countTokens?: CountTokens | null
}): CurationDigest {
  const { key, transform, category = null, curation, trajectory, attempts } = sample
  const messages = trajectory?.messages ?? []
  const calls = trajectory?.calls ?? []
  const written = messages.filter(({ role }) => role === 'assistant').map((message) => textOf(message))
  const tools = calls.flatMap(({ execution }) =>
    execution.status === 'ok'
      ? execution.operations.flatMap(({ op, verified }) => (verified && op !== null ? [op] : []))
      : [],
  )
  const undecided = endingOf(sample) === 'unusable' ? 'unusable' : 'failed'
  return {
    key,
    ending: curation === undefined ? undecided : curation.kept ? 'kept' : 'dropped',
    type: curation?.type ?? null,
    provocation: curation?.provocation ?? null,
    transform,
    category,
    dropped: curation?.dropped?.reason ?? null,
    corrected: curation?.corrected ?? [],
    attempts,
    turns: trajectory?.turns ?? 0,
    calls: calls.length,
    failedCalls: calls.filter(({ execution }) => execution.status === 'error').length,
    characters: total(written, (text) => text.length),
    promptTokens: trajectory?.usage.promptTokens ?? 0,
    completionTokens: trajectory?.usage.completionTokens ?? 0,
    visualTokens: trajectory === null ? 0 : visualTokens(trajectory),
    textTokens:
      countTokens === null
        ? null
        : { written: total(written, countTokens), conversation: total(messages.map(textOf), countTokens) },
    tools: [...new Set(tools)].sort(),
    skeleton: createHash('sha256').update(skeletonOf(messages)).digest('hex').slice(0, 16),
  }
}

function total(texts: readonly string[], measure: (text: string) => number): number {
  return texts.reduce((sum, text) => sum + measure(text), 0)
}
