/** What a reward function answers for one rollout. Every number is finite. */
export interface Reward {
  total: number
  /** Every component by the name it is logged under, those that a switch keeps out of the total included. */
  parts: Record<string, number>
  /** Why the components are what they are, one sentence each, for people. */
  reasons: string[]
}
