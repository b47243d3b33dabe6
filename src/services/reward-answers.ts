import { z } from 'zod'

const reward = z.object({
  total: z.number(),
  parts: z
    .record(z.string(), z.number())
    .describe('Every component, those that are left out of the total included.'),
  reasons: z.array(z.string()),
})

const common = {
  variant: z.enum(['release', 'paper', 'beneficial']),
  analysis: z.enum(['static', 'observed']),
  parameters: z.record(z.string(), z.unknown()).describe('With every default filled in.'),
}
const statistics = z.record(z.string(), z.number()).describe('What was counted over the group.')

/** POST /v1/reward: in the order in which groups, rollouts and trajectories came. */
export const rewardAnswer = z.union([
  z.object({
    ...common,
    groups: z.array(
      z.object({ key: z.string(), statistics, rollouts: z.array(z.object({ key: z.string(), reward })) }),
    ),
  }),
  z.object({
    ...common,
    trajectories: z.array(
      z.object({
        group: z.string(),
        key: z.string(),
        outcome: z
          .string()
          .describe('How the answer was found: correct, wrong, unparsed …; told: the caller said it.'),
        reward,
      }),
    ),
    groups: z.array(z.object({ key: z.string(), statistics })),
  }),
])
