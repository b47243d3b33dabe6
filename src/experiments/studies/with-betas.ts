import type { RewardConfig } from '../../config/reward-schema.js'

/**
 * A reward with other weights of its strategy (β1) and its penalties (β2), as the paper's formula has them. The release's and the beneficial reward name them otherwise: what pays for tools is the strategy (of the
 * release: alpha, and the bonuses `exact` and `emerge`, in proportion to it). Terms stay computed, so that curves show them also where they pay nothing.
 */
export function withBetas({
  reward,
  beta1,
  beta2,
}: {
  reward: RewardConfig
  beta1?: number
  beta2?: number
}): RewardConfig {
  switch (reward.variant) {
    case 'paper': {
      const { weights } = reward
      return {
        ...reward,
        weights: { ...weights, ...(beta1 !== undefined && { beta1 }), ...(beta2 !== undefined && { beta2 }) },
      }
    }
    case 'release': {
      const { weights } = reward
      const share = beta1 === undefined || weights.alpha === 0 ? 1 : beta1 / weights.alpha
      return {
        ...reward,
        weights: {
          ...weights,
          alpha: beta1 ?? weights.alpha,
          beta: weights.beta * share,
          exact: weights.exact * share,
          emerge: weights.emerge * share,
          gamma: beta2 ?? weights.gamma,
        },
      }
    }
    case 'beneficial': {
      const { weights } = reward
      return {
        ...reward,
        weights: { ...weights, benefit: beta1 ?? weights.benefit, cost: beta2 ?? weights.cost },
      }
    }
  }
}
