import type { ReleaseConfig } from '../../config/reward-schema.js'
import { bestSignal } from '../box-signal.js'
import type { RewardGroup, RewardRollout, ScoredGroup } from '../group.js'
import { releaseComponents, type ReleaseRollout } from './components.js'
import { expectedTools } from './expected-tools.js'
import { necessityStatistics } from './necessity.js'
import { releaseReasons } from './release-reasons.js'
import { releaseIoU } from './release-iou.js'

/**
 * Rewards of a group under `release` (docs/rewards.md). The group names the tools that undo the transformation, which is what the release works out first from
 * those that were applied. Boxes are compared as they come, in whatever frame the analysis gives them.
 */
export function scoreReleaseGroup({
  group,
  parameters,
}: {
  group: RewardGroup
  parameters: ReleaseConfig
}): ScoredGroup {
  const expected = expectedTools(group.requiredTools ?? [])
  const read = group.rollouts.map((rollout) => readRollout({ rollout, box: group.box, parameters }))
  const statistics = necessityStatistics(read)
  return {
    key: group.key,
    statistics: { ...statistics },
    rollouts: group.rollouts.map(({ key, calls }, index) => {
      const rollout = read[index] as ReleaseRollout
      const { R_total, ...components } = releaseComponents({ rollout, expected, statistics, parameters })
      const parts: Record<string, number> = components
      parts.R_exec = successShare(calls, rollout.used)
      parts.NumTurns = calls.length
      if (rollout.bestIoU !== null) parts.best_crop_iou = rollout.bestIoU
      return {
        key,
        reward: {
          total: R_total,
          parts,
          reasons: releaseReasons({ rollout, expected, components, parameters }),
        },
      }
    }),
  }
}

function readRollout({
  rollout: { correct, formatOk, calls },
  box,
  parameters: { boxSignal },
}: {
  rollout: RewardRollout
  box: readonly number[] | null
  parameters: ReleaseConfig
}): ReleaseRollout {
  const used = new Set<string>()
  let bestIoU = 0
  for (const { transforms, cropBoxes } of calls) {
    for (const tool of transforms) used.add(tool)
    if (box !== null) for (const crop of cropBoxes) bestIoU = Math.max(bestIoU, releaseIoU(box, crop))
  }
  return {
    correct,
    format: formatOk ? 1 : 0,
    used,
    codeCount: calls.length,
    usedAnyTool: calls.length > 0,
    bestIoU: box === null ? null : bestIoU,
    ...(box !== null &&
      boxSignal !== 'iou' && {
        cropSignal: bestSignal({
          signal: boxSignal,
          target: box,
          crops: calls.flatMap(({ cropBoxes }) => cropBoxes),
        }),
      }),
  }
}

/** Share of the calls that left an image; logged, and never paid. 0 where no call did anything that was recognised. */
function successShare(calls: RewardRollout['calls'], used: ReadonlySet<string>): number {
  return used.size === 0 ? 0 : calls.reduce((sum, { ok }) => sum + Number(ok), 0) / calls.length
}
