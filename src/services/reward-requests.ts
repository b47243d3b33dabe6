import { z } from 'zod'
import { SCORERS } from '../core/scorer.js'
import { SCORING_PROFILES } from '../core/scoring-profile.js'
import {
  analysedCallSchema,
  boxSchema,
  requiredToolsSchema,
  rewardGroupSchema,
  targetSchema,
} from '../reward/read-reward-groups.js'
import type { RewardLimits } from './reward-limits.js'

const MOST_CALLS = 256
const MOST_OPERATIONS = 64
const MOST_MESSAGES = 4096
const MOST_PARTS = 256
const MOST_ANSWERS = 256
const MOST_OPTIONS = 26
/** The time to compare an answer with a published one grows with the product of their lengths. */
const METADATA_LENGTH = 8192

/** What clients send to a reward service. Names inside are those of the records that run folders hold. */
export function rewardRequests({ groups, rollouts, textLength }: RewardLimits) {
  const text = z.string().max(textLength)
  const name = z.string().max(200)

  const textCall = z
    .strictObject({ ok: z.boolean(), code: text, description: text.optional() })
    .describe('A call whose text is read by the service (analysis static).')
  const call = z.union([analysedCallSchema.describe('A call whose analysis is recorded.'), textCall])

  const part = z.discriminatedUnion('type', [
    z.object({ type: z.literal('text'), text }),
    z.object({ type: z.literal('image') }),
  ])
  const message = z.object({
    role: z.enum(['system', 'user', 'assistant', 'tool']),
    content: z
      .union([text, z.array(part).max(MOST_PARTS)])
      .transform((content) =>
        typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content,
      ),
  })
  const operation = z.object({
    op: name.nullable(),
    box: boxSchema.nullable().default(null),
    verified: z.boolean(),
  })
  const executed = z.object({
    call: z.object({ code: text, description: text.optional() }),
    execution: z.object({
      status: z.enum(['ok', 'error']),
      operations: z.array(operation).max(MOST_OPERATIONS).default([]),
    }),
  })
  const trajectory = z
    .strictObject({
      group: z.string().describe('Trajectories of one task have the same group.'),
      key: z.string().optional(),
      requiredTools: requiredToolsSchema.nullable().default(null),
      box: targetSchema.nullable().default(null),
      question: text.optional(),
      answers: z
        .array(text)
        .min(1)
        .max(MOST_ANSWERS)
        .optional()
        .describe('Accepted answers, which the final answer is checked against where `correct` is not said.'),
      correct: z.boolean().optional(),
      scorer: z
        .enum(SCORERS)
        .default('none')
        .describe('Whose rules can score the answer, and so which `scoring` there is; as samples have it.'),
      options: z
        .array(text)
        .max(MOST_OPTIONS)
        .optional()
        .describe(
          'Of a choice: texts of the options, A first; `answers` then has the letter of the right one.',
        ),
      category: text.optional(),
      metadata: z
        .record(z.string(), z.unknown())
        .refine((columns) => JSON.stringify(columns).length <= METADATA_LENGTH, {
          error: `expected at most ${METADATA_LENGTH} characters of JSON`,
        })
        .optional()
        .describe("Further columns of the row, which the benchmarks' own rules read (docs/scoring.md)."),
      trajectory: z
        .object({
          messages: z.array(message).max(MOST_MESSAGES),
          calls: z.array(executed).max(MOST_CALLS).default([]),
          stop: z.enum(['answer', 'turn-limit', 'token-limit', 'truncated']).default('answer'),
        })
        .describe('As a line of samples.jsonl has it; what is not named here is not looked at.'),
    })
    .refine(({ correct, answers }) => correct !== undefined || answers !== undefined, {
      path: ['correct'],
      error: 'expected `correct`, or `answers` to check the final answer against',
    })

  const common = {
    variant: z.enum(['release', 'paper', 'beneficial']),
    analysis: z.enum(['static', 'observed']).optional().describe("Default: the variant's."),
    params: z
      .record(z.string(), z.unknown())
      .default({})
      .describe(
        'without, boxSignal, weights …: the rest of a `reward` block; see `reward` in this document.',
      ),
  }
  const scoring = z
    .enum(SCORING_PROFILES)
    .default('codevision')
    .describe(
      'How answers are checked; what the rules cannot decide is wrong. Which there are depends on `scorer`.',
    )
  const group = rewardGroupSchema(call)
  return {
    group,
    trajectory,
    mostRollouts: rollouts,
    /** The outer form; its items are checked one by one, so that other requests are answered meanwhile. */
    outer: {
      groups: z.strictObject({ ...common, groups: z.array(z.unknown()).min(1).max(groups) }),
      trajectories: z.strictObject({
        ...common,
        scoring,
        trajectories: z.array(z.unknown()).min(1).max(rollouts),
      }),
    },
    /** The whole, for the schema document and for errors. */
    whole: {
      groups: z.strictObject({ ...common, groups: z.array(group).min(1).max(groups) }),
      trajectories: z.strictObject({
        ...common,
        scoring,
        trajectories: z.array(trajectory).min(1).max(rollouts),
      }),
    },
  }
}

export type RewardRequests = ReturnType<typeof rewardRequests>
export type WireGroup = z.output<RewardRequests['group']>
export type WireTrajectory = z.output<RewardRequests['trajectory']>
