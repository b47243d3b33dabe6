import { createHash } from 'node:crypto'
import { rewardSchema, type RewardConfig } from '../../config/reward-schema.js'

/**
 * Name of a reward's files in a run folder: `paper-observed`, `release-static-without-format-penalty`; other weights or settings than the defaults add a hash of
 * them, so that no two configurations share a file.
 */
export function rewardName(reward: RewardConfig): string {
  const { variant, analysis } = reward
  const without = [...new Set(reward.without)].sort()
  const parts = [variant, analysis, ...(without.length > 0 ? ['without', ...without] : [])]
  const usual = rewardSchema.parse({ variant, analysis, without: reward.without })
  if (JSON.stringify(usual) === JSON.stringify(reward)) return parts.join('-')
  const hash = createHash('sha256')
    .update(JSON.stringify({ ...reward, without }))
    .digest('hex')
  return [...parts, hash.slice(0, 8)].join('-')
}
