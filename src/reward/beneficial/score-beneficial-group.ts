import type { BeneficialConfig } from '../../config/reward-schema.js'
import type { RewardGroup, ScoredGroup } from '../group.js'
import { toolBundles, toolEffect, type ToolBundle, type ToolUse } from './tool-effects.js'

/**
 * Rewards of a group under `beneficial` (docs/reward-beneficial.md): tools are paid by how much more often the group's other rollouts succeeded with them than without, whatever
 * the task lists as required. R_total = r_acc + format·r_fmt + benefit_weight·benefit − cost_weight·turnLimit.
 */
export function scoreBeneficialGroup({
  group: { key, rollouts },
  parameters,
}: {
  group: RewardGroup
  parameters: BeneficialConfig
}): ScoredGroup {
  const { weights, without, freeTurns } = parameters
  const uses = rollouts.map(({ calls, correct }) => ({
    correct,
    tools: new Set(calls.flatMap(({ ok, transforms }) => (ok ? transforms : []))),
  }))
  const bundles = toolBundles(uses)
  return {
    key,
    statistics: groupStatistics({ bundles, parameters }),
    rollouts: rollouts.map(({ key: rolloutKey, correct, formatOk, calls }, index) => {
      const { benefit, reasons } = benefitOf({ index, uses, bundles, parameters })
      const r_acc = Number(correct)
      const r_fmt = Number(formatOk)
      const turnLimit = Number(calls.length > freeTurns)
      const outcome = r_acc + (without.includes('format') ? 0 : weights.format * r_fmt)
      const strategy = without.includes('strategy') ? 0 : weights.benefit * benefit
      const penalty = without.includes('penalty') ? 0 : weights.cost * turnLimit
      const parts = { r_acc, r_fmt, outcome, benefit, strategy, turnLimit, penalty, toolTurns: calls.length }
      if (turnLimit === 1) reasons.push(`${calls.length} tool turns, ${freeTurns} are free.`)
      if (without.length > 0) reasons.push(`Left out of the total: ${without.join(', ')}.`)
      return { key: rolloutKey, reward: { total: outcome + strategy - penalty, parts, reasons } }
    }),
  }
}

/** Mean credit of the bundles that a correct rollout used, in [0, 1). */
function benefitOf({
  index,
  uses,
  bundles,
  parameters,
}: {
  index: number
  uses: readonly ToolUse[]
  bundles: readonly ToolBundle[]
  parameters: BeneficialConfig
}): { benefit: number; reasons: string[] } {
  const correct = uses[index]?.correct === true
  const reasons = [`The answer is ${correct ? 'correct' : 'wrong, so tools earn nothing'}.`]
  const own = bundles.filter(({ used }) => used[index])
  if (!correct || own.length === 0) return { benefit: 0, reasons }
  let sum = 0
  for (const bundle of own) {
    const credit = creditOf({ bundle, leaveOut: { index, correct }, parameters })
    reasons.push(
      credit === null
        ? `${bundle.tools.join(' with ')}: no other rollouts to compare.`
        : `${bundle.tools.join(' with ')}: credit ${credit.toFixed(3)} by the other rollouts.`,
    )
    sum += credit ?? 0
  }
  return { benefit: sum / own.length, reasons }
}

/** weight / (weight + shrinkage) · max(0, difference − margin · error); null where nothing can be compared. */
function creditOf({
  bundle,
  leaveOut,
  parameters: { shrinkage, margin },
}: {
  bundle: ToolBundle
  leaveOut: { index: number; correct: boolean } | null
  parameters: BeneficialConfig
}): number | null {
  const effect = toolEffect({ bundle, leaveOut })
  if (effect === null) return null
  const { difference, weight, error } = effect
  return (weight / (weight + shrinkage)) * Math.max(0, difference - margin * error)
}

/** Difference and credit of every bundle over the whole group, where it can be measured. */
function groupStatistics({
  bundles,
  parameters,
}: {
  bundles: readonly ToolBundle[]
  parameters: BeneficialConfig
}): Record<string, number> {
  const entries = bundles.flatMap((bundle): [string, number][] => {
    const effect = toolEffect({ bundle, leaveOut: null })
    if (effect === null) return []
    const name = bundle.tools.join('+')
    return [
      [`difference ${name}`, effect.difference],
      [`credit ${name}`, creditOf({ bundle, leaveOut: null, parameters }) ?? 0],
    ]
  })
  return Object.fromEntries(entries)
}
