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

/** A region as a model may have written it: its corners may be swapped, and it hits nothing then. */
export const boxSchema = z.tuple([coordinate, coordinate, coordinate, coordinate])

/** A region that holds the evidence; its corners may not be swapped. */
export const targetSchema = boxSchema.refine(
  isBox,
  'expected [left, top, right, bottom] with left < right and top < bottom',
)

export const requiredToolsSchema = z
  .array(name)
  .max(MOST_TOOLS)
  .refine((tools) => new Set(tools).size === tools.length, 'expected each required tool once')

/** A call whose analysis is recorded. */
export const analysedCallSchema = z.strictObject({
  ok: z.boolean(),
  transforms: z.array(name).max(MOST_TOOLS),
  cropBoxes: z.array(boxSchema).max(MOST_BOXES),
})

/** A group whose calls are of some form. */
export function rewardGroupSchema<Call extends z.ZodType<object>>(call: Call) {
  const rollout = z.strictObject({
    key: z.string(),
    correct: z.boolean(),
    formatOk: z.boolean(),
    calls: z.array(call).max(MOST_CALLS),
  })
  return z.strictObject({
    key: z.string(),
    requiredTools: requiredToolsSchema.nullable(),
    box: targetSchema.nullable(),
    rollouts: z
      .array(rollout)
      .min(1)
      .max(MOST_ROLLOUTS)
      .refine(hasFewTools, `expected at most ${MOST_TOOLS} different tools`),
  })
}

/** Whether the rollouts of a group use no more different tools than a reward looks at. */
export function hasFewTools(rollouts: readonly { calls: readonly object[] }[]): boolean {
  const tools = new Set<unknown>()
  for (const { calls } of rollouts)
    for (const call of calls)
      if ('transforms' in call && Array.isArray(call.transforms))
        for (const tool of call.transforms) tools.add(tool)
  return tools.size <= MOST_TOOLS
}

/** Groups as they arrive from outside. */
export const rewardGroupsSchema = z.array(rewardGroupSchema(analysedCallSchema))

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
  return readRewardInput({ schema: rewardGroupsSchema, value, where: 'groups' })
}

/**
 * Check input of a reward.
 * @param parameters.at is where the value stands in what was sent, as a path; `whole` is the schema of that.
 * @throws RewardInputError as {@link readRewardGroups}.
 */
export function readRewardInput<Schema extends z.ZodType>({
  schema,
  value,
  where,
  at = [],
  whole = schema,
}: {
  schema: Schema
  value: unknown
  where: string
  at?: readonly PropertyKey[]
  whole?: z.ZodType
}): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  const error = new z.ZodError(
    result.error.issues.map((issue) => ({ ...issue, path: [...at, ...issue.path] })),
  )
  const paths: string[] = []
  const explained = explainIssues({
    error,
    schema: whole,
    where: ({ path }) => {
      paths.push(pathText(path).replaceAll('`', ''))
      return where
    },
  })
  throw new RewardInputError(paths.map((path, index) => ({ path, message: explained[index] ?? '' })))
}
