import type { ReleaseConfig } from '../../config/reward-schema.js'
import { CORE_TOOLS, ORIENTATION_TOOLS } from '../tools.js'
import type { ExpectedTools } from './expected-tools.js'
import type { NecessityStatistics } from './necessity.js'

/** What the formula reads of a rollout. */
export interface ReleaseRollout {
  correct: boolean
  /** 1 or 0 in practice. */
  format: number
  used: ReadonlySet<string>
  /** Executed calls, failed ones included. */
  codeCount: number
  usedAnyTool: boolean
  /** Of its crops with the target; null where no target is known. */
  bestIoU: number | null
  /** What pays a required crop, where it is not the IoU. */
  cropSignal?: number
}

/** Components of the released formula. The names are those of its log, where it logs them. */
export interface ReleaseComponents {
  R_acc: number
  R_mandatory: number
  R_necessity: number
  R_fmt: number
  C_usage: number
  R_spurious: number
  R_exact: number
  R_emerge: number
  outcome_reward: number
  process_reward: number
  penalty: number
  R_total: number
}

/** Below this share of the required tools, a missing crop devalues the answer. */
const GATE = 0.1
/** Calls that are free, however few tools are expected. */
const FREE_CALLS = 2
/** Correct rollouts without tools from which on tools count as unnecessary. */
const ENOUGH_WITHOUT = 2

/**
 * R_total = R_acc + format·R_fmt + (alpha·R_mandatory + beta·R_necessity + R_exact + R_emerge) − gamma·(C_usage + R_spurious). Source: paper, section 4.2, and the
 * released agent loop; every addition in its order, so that sums agree to the last bit. Terms that `without` names are computed, and left out of the sums.
 */
export function releaseComponents({
  rollout,
  expected,
  statistics,
  parameters: { weights, without },
}: {
  rollout: ReleaseRollout
  expected: ExpectedTools
  statistics: NecessityStatistics
  parameters: Pick<ReleaseConfig, 'weights' | 'without'>
}): ReleaseComponents {
  const { correct, format, used, bestIoU, usedAnyTool, codeCount } = rollout
  const has = (term: ReleaseConfig['without'][number]): boolean => !without.includes(term)
  const share = mandatoryShare({ expected, used, crop: bestIoU })
  const isGated = has('strategy') && expected.hasCrop && share < GATE

  const R_acc = (correct ? 1 : 0) * (isGated ? share : 1)
  const R_mandatory =
    rollout.cropSignal === undefined ? share : mandatoryShare({ expected, used, crop: rollout.cropSignal })
  const isNecessary = correct && usedAnyTool && statistics.correct_without_tool < ENOUGH_WITHOUT && !isGated
  const R_necessity = isNecessary ? statistics.r_necessity_value : 0
  const threshold = Math.max(FREE_CALLS, expected.all.size)
  const C_usage = Number.isFinite(codeCount) && codeCount >= threshold ? codeCount - threshold : 0
  const R_spurious = expected.hasOrientation ? 0 : countIn(used, ORIENTATION_TOOLS)
  const R_exact = isExact({ expected, used }) ? weights.exact : 0
  const hasOther = used.size > countIn(used, CORE_TOOLS)
  const R_emerge = correct && hasOther && weights.emerge > 0 ? weights.emerge : 0

  const outcome_reward = R_acc + (has('format') ? weights.format * format : 0)
  const process_reward = has('strategy')
    ? weights.alpha * R_mandatory +
      (has('suggested') ? weights.beta * R_necessity : 0) +
      (has('exact') ? R_exact : 0) +
      (has('suggested') ? R_emerge : 0)
    : 0
  const penalty = has('penalty') ? weights.gamma * (C_usage + R_spurious) : 0
  return {
    R_acc,
    R_mandatory,
    R_necessity,
    R_fmt: format,
    C_usage,
    R_spurious,
    R_exact,
    R_emerge,
    outcome_reward,
    process_reward,
    penalty,
    R_total: outcome_reward + process_reward - penalty,
  }
}

/** Share of the expected tools that were used, where a crop counts by how well it hit; at most 1. */
function mandatoryShare({
  expected,
  used,
  crop,
}: {
  expected: ExpectedTools
  used: ReadonlySet<string>
  crop: number | null
}): number {
  const size = expected.all.size
  if (size === 0) return 0
  let found = 0
  for (const tool of expected.nonCrop) if (used.has(tool)) found++
  const share = found / size
  const paid = expected.hasCrop && used.has('crop') && crop !== null ? share + crop / size : share
  return paid > 1 ? 1 : paid
}

/** The core tools among the expected are some, and the same as those among the used. */
function isExact({ expected, used }: { expected: ExpectedTools; used: ReadonlySet<string> }): boolean {
  const { core } = expected
  return core.length > 0 && core.every((tool) => used.has(tool)) && countIn(used, CORE_TOOLS) === core.length
}

/** How many names of the first set are in the second. */
export function countIn(names: ReadonlySet<string>, others: ReadonlySet<string>): number {
  let count = 0
  for (const name of names) if (others.has(name)) count++
  return count
}
