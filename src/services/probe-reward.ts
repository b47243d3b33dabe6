import { rewardSchema } from '../config/reward-schema.js'
import type { ToolAnalyzer } from '../core/tool-analysis.js'
import type { RewardGroup } from '../reward/group.js'
import { scoreGroup } from '../reward/score-group.js'

/** Turned back and half of the target cropped, and right; nothing done, and wrong. */
const GROUP: RewardGroup = {
  key: 'health',
  requiredTools: ['rotate_270', 'crop'],
  box: [0, 0, 10, 10],
  rollouts: [
    {
      key: '0',
      correct: true,
      formatOk: true,
      calls: [
        { ok: true, transforms: ['rotate_270'], cropBoxes: [] },
        { ok: true, transforms: ['crop'], cropBoxes: [[0, 0, 5, 10]] },
      ],
    },
    { key: '1', correct: false, formatOk: true, calls: [] },
  ],
}
/** 1 + 0.1 + 0.75 + 0.1: three quarters of the required tools, and nothing else; `beneficial` has nothing to compare with but one rollout without success. */
const KNOWN = { release: [1.95, 0.1], paper: [1.95, 0.1], beneficial: [1.1, 0.1] } as const
const CALL = { code: 'result = image.rotate(90, expand=True)', description: 'health check' }

/** Score a group whose rewards are known, and read a call whose analysis is. @throws an Error that says what came instead. */
export async function probeReward({
  analyzer,
  signal,
}: {
  analyzer: ToolAnalyzer | null
  signal: AbortSignal
}): Promise<void> {
  for (const variant of ['release', 'paper', 'beneficial'] as const) {
    const { rollouts } = scoreGroup({ group: GROUP, parameters: rewardSchema.parse({ variant }) })
    const totals = rollouts.map(({ reward }) => reward.total)
    if (totals.some((total, index) => !(Math.abs(total - (KNOWN[variant][index] ?? Number.NaN)) < 1e-9)))
      throw new Error(`${variant} gave ${totals.join(', ')} in place of ${KNOWN[variant].join(', ')}`)
  }
  const [read] = (await analyzer?.analyze([CALL], { signal })) ?? []
  if (analyzer !== null && read?.transforms.join() !== 'rotate_90')
    throw new Error(`the text of a rotation was read as ${JSON.stringify(read)}`)
}
