/** What a reward function answers for one trajectory: the total and every part of it, by the name it is logged under. */
export interface Reward {
  total: number
  parts: Record<string, number>
}
