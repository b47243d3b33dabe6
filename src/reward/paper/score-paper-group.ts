import type { PaperConfig } from '../../config/reward-schema.js'
import type { RewardGroup, ScoredGroup } from '../group.js'
import { paperComponents, type PaperComponents } from './components.js'
import { optionalToolStatistics } from './necessity.js'

/** Rewards of a group under `paper` (docs/rewards.md). */
export function scorePaperGroup({
  group: { key, requiredTools, box, rollouts },
  parameters,
}: {
  group: RewardGroup
  parameters: PaperConfig
}): ScoredGroup {
  const required = requiredTools ?? []
  const statistics = optionalToolStatistics({ rollouts, required })
  return {
    key,
    statistics: { ...statistics },
    rollouts: rollouts.map((rollout) => {
      const { necessity } = statistics
      const { total, ...parts } = paperComponents({ rollout, required, box, necessity, parameters })
      const reasons = paperReasons({ parts, required, turns: rollout.calls.length, parameters })
      return { key: rollout.key, reward: { total, parts, reasons } }
    }),
  }
}

function paperReasons({
  parts,
  required,
  turns,
  parameters: { without },
}: {
  parts: Omit<PaperComponents, 'total'>
  required: readonly string[]
  turns: number
  parameters: PaperConfig
}): string[] {
  const reasons = [`The answer is ${parts.r_acc === 1 ? 'correct' : 'wrong'}.`]
  if (required.length > 0) {
    reasons.push(
      `Required: ${required.join(', ')}; done to ${Math.round(parts.mustUse * 100)} %${required.includes('crop') ? `, best crop IoU ${parts.bestIoU.toFixed(2)}` : ''}.`,
    )
  }
  if (parts.exact === 1) reasons.push('The required tools in their order, nothing else, no failure.')
  if (parts.suggested > 0) reasons.push('Correct with an optional tool.')
  if (parts.turnLimit === 1) reasons.push(`${turns} tool turns, ${required.length + 1} are free.`)
  if (parts.poorReasoning === 1)
    reasons.push('Correct, though no crop shows the region that holds the evidence.')
  if (parts.inappropriateTool === 1) reasons.push('An orientation tool was used and none was required.')
  if (without.length > 0) reasons.push(`Left out of the total: ${without.join(', ')}.`)
  return reasons
}
