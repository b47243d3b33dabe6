export interface GroupAdvantagesParameters {
  /** Reward of each rollout. */
  rewards: ArrayLike<number>
  /** The group of each rollout: those of one prompt. */
  groups: readonly unknown[]
  /** Added to the standard deviation. */
  epsilon?: number
  /** False: the distance from the mean alone. */
  isNormalised?: boolean
}

/**
 * How much better than its group each rollout is: (reward − mean) / (standard deviation + ε), deviation with ddof 1 (paper, section 4.3). A rollout without others of its
 * group is measured from 0, in units of 1 + ε.
 * @returns [rollouts]; rewards that are not finite give NaN to their whole group.
 */
export function groupAdvantages({
  rewards,
  groups,
  epsilon = 1e-6,
  isNormalised = true,
}: GroupAdvantagesParameters): Float64Array {
  if (rewards.length !== groups.length)
    throw new RangeError(`expected a group for each of ${rewards.length} rewards, got ${groups.length}`)
  const members = new Map<unknown, number[]>()
  Array.from(rewards).forEach((reward, index) => {
    const group = groups[index]
    members.set(group, [...(members.get(group) ?? []), reward])
  })
  const measures = new Map([...members].map(([group, values]) => [group, measure({ values, epsilon })]))
  return Float64Array.from(rewards, (reward, index) => {
    const { mean, scale } = measures.get(groups[index]) ?? { mean: Number.NaN, scale: Number.NaN }
    return isNormalised ? (reward - mean) / scale : reward - mean
  })
}

function measure({ values, epsilon }: { values: readonly number[]; epsilon: number }): {
  mean: number
  scale: number
} {
  // The reference keeps this one number in single precision, and so its sum with ε.
  if (values.length === 1) return { mean: 0, scale: Math.fround(1 + epsilon) }
  const mean = meanOf(values)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, scale: Math.sqrt(squares / (values.length - 1)) + epsilon }
}

/** Corrected once, so that the mean of equal rewards is that reward to the last bit, and nobody is better than the others. */
function meanOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (!Number.isFinite(mean)) return mean
  return mean + values.reduce((sum, value) => sum + (value - mean), 0) / values.length
}
