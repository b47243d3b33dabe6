import { z } from 'zod'
import { explainIssues, pathText } from '../config/explain-issues.js'
import { UsageError } from '../core/errors.js'
import { isBox } from './boxes.js'
import type { RewardGroup } from './group.js'

const MOST_ROLLOUTS = 4096
const MOST_CALLS = 256
/** In a call, and different ones in a group. */
const MOST_TOOLS = 256
const MOST_BOXES = 1024
/** Of a tool's name, in UTF-16 units. */
const LONGEST_NAME = 200
/** No image is larger; areas stay exact. */
const LARGEST_COORDINATE = 1e7

const name = z.string().max(LONGEST_NAME)
const coordinate = z.number().min(-LARGEST_COORDINATE).max(LARGEST_COORDINATE)
const box = z.tuple([coordinate, coordinate, coordinate, coordinate])
/** Corners of a crop may be swapped, since a model wrote them; it hits nothing then. Those of a target may not. */
const target = box.refine(isBox, 'expected [left, top, right, bottom] with left < right and top < bottom')
const call = z.strictObject({
  ok: z.boolean(),
  transforms: z.array(name).max(MOST_TOOLS),
  cropBoxes: z.array(box).max(MOST_BOXES),
})
const rollout = z.strictObject({
  key: z.string(),
  correct: z.boolean(),
  formatOk: z.boolean(),
  calls: z.array(call).max(MOST_CALLS),
})

function countTools(rollouts: readonly z.output<typeof rollout>[]): number {
  const tools = new Set<string>()
  for (const { calls } of rollouts)
    for (const { transforms } of calls) for (const tool of transforms) tools.add(tool)
  return tools.size
}

/** Groups as they arrive from outside. */
export const rewardGroupsSchema = z.array(
  z.strictObject({
    key: z.string(),
    requiredTools: z
      .array(name)
      .max(MOST_TOOLS)
      .refine((tools) => new Set(tools).size === tools.length, 'expected each required tool once')
      .nullable(),
    box: target.nullable(),
    rollouts: z
      .array(rollout)
      .min(1)
      .max(MOST_ROLLOUTS)
      .refine(
        (rollouts) => countTools(rollouts) <= MOST_TOOLS,
        `expected at most ${MOST_TOOLS} different tools`,
      ),
  }),
)

/** Input of a reward that cannot be scored. */
export class RewardInputError extends UsageError {
  /** Where it is wrong, such as `[0].rollouts[2].calls[0].cropBoxes[1][3]`, and how. */
  readonly issues: readonly { path: string; message: string }[]

  constructor(issues: readonly { path: string; message: string }[]) {
    super(issues.map(({ message }) => message).join('\n'))
    this.issues = issues
  }
}

/**
 * Check groups that come from outside.
 * @throws RewardInputError that lists every field that is wrong: its path, what was expected, what came.
 */
export function readRewardGroups(value: unknown): RewardGroup[] {
  const result = rewardGroupsSchema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  const issues: { path: string; message: string }[] = []
  const explained = explainIssues({
    error: result.error,
    schema: rewardGroupsSchema,
    where: ({ path }) => {
      issues.push({ path: pathText(path).replaceAll('`', ''), message: '' })
      return 'groups'
    },
  })
  throw new RewardInputError(issues.map(({ path }, index) => ({ path, message: explained[index] ?? '' })))
}
