import { z } from 'zod'
import { formatReward as rewardOf } from '../../reward/format-reward.js'
import { pureParitySet } from '../parity-set.js'

const input = z.object({ text: z.string().nullable() })

export const formatReward = pureParitySet({
  name: 'format_reward',
  answer: (given) => ({ format_reward: rewardOf(input.parse(given).text) }),
})
