/** Why a trajectory is given up, by the short names that reports count by. */
export const DROP_REASONS = [
  /** The rollout ended without an answer: too many turns or tokens, or cut off. */
  'no-answer',
  /** A turn is not one thought and then one call or the answer. */
  'bad-format',
  'wrong-answer',
  /** A result shows other pixels than the upright image says it must. */
  'result-differs',
  /** No result shows the evidence as it must be seen to be read. */
  'target-not-shown',
  /** The calls are not those of the type: too few, too many, windows that do not nest. */
  'type-differs',
  /** What was to go wrong did not, or otherwise. */
  'not-provoked',
  /** Nothing that worked followed. */
  'not-recovered',
  'unplanned-error',
  'too-many-turns',
  /** The answer stands in the reasoning before an image could show it. */
  'early-answer',
  /** The reasoning tells what only the plan could have told it. */
  'leak',
  /** Same image, calls and reasoning as one that is kept. */
  'duplicate',
  /** Its reasoning, names and numbers aside, is that of too many that are kept. */
  'common-skeleton',
] as const

export type DropReason = (typeof DROP_REASONS)[number]

export interface Rejection {
  readonly reason: DropReason
  /** What was expected and what came; a model is told it before its next attempt. */
  readonly detail: string
}

export function rejection(reason: DropReason, detail: string): Rejection {
  return { reason, detail }
}
