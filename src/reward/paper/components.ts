import type { PaperConfig } from '../../config/reward-schema.js'
import { bestSignal } from '../box-signal.js'
import type { AnalysedCall, RewardRollout } from '../group.js'
import { CROP, ORIENTATION_TOOLS } from '../tools.js'

/** Components of the paper's formula; flags are 0 or 1. */
export interface PaperComponents {
  r_acc: number
  r_fmt: number
  outcome: number
  mustUse: number
  exact: number
  suggested: number
  /** Of the group: the gain by optional tools. */
  necessity: number
  bestIoU: number
  strategy: number
  turnLimit: number
  poorReasoning: number
  inappropriateTool: number
  penalty: number
  total: number
}

/** A crop below this IoU did not find its target. */
const FOUND = 0.1

/**
 * R_total = r_acc + format·r_fmt + β1·(mustUse + exact·w + suggested·w) − β2·(turnLimit + poorReasoning + inappropriateTool). Source: paper, section 4.1. Calls that failed
 * earn nothing, and count against the turn limit and the exact bonus. Terms that `without` names are computed, and left out of the sums.
 */
export function paperComponents({
  rollout,
  required,
  box,
  necessity,
  parameters: { weights, without, boxSignal },
}: {
  rollout: Pick<RewardRollout, 'correct' | 'formatOk' | 'calls'>
  required: readonly string[]
  box: readonly number[] | null
  necessity: number
  parameters: Pick<PaperConfig, 'weights' | 'without' | 'boxSignal'>
}): PaperComponents {
  const { correct, calls } = rollout
  const has = (term: PaperConfig['without'][number]): boolean => !without.includes(term)
  const succeeded = calls.filter(({ ok }) => ok)
  const seen = new Set(succeeded.flatMap(({ transforms }) => transforms))
  const crops = succeeded.flatMap(({ cropBoxes }) => cropBoxes)
  const bestIoU = box === null ? 0 : bestSignal({ signal: 'iou', target: box, crops })
  const cropGrade =
    box === null || boxSignal === 'iou' ? bestIoU : bestSignal({ signal: boxSignal, target: box, crops })

  const needsCrop = required.includes(CROP)
  const isFound = !needsCrop || bestIoU >= FOUND
  const turns = new Set(required.filter((tool) => ORIENTATION_TOOLS.has(tool) && seen.has(tool))).size
  const mustUse = required.length === 0 ? 0 : (turns + (needsCrop ? cropGrade : 0)) / required.length
  const exact = Number(isExact({ calls, required }) && isFound)
  const suggested = correct && usesOptional({ calls, required }) ? necessity + 1 : 0
  const turnLimit = Number(calls.length > required.length + 1)
  const poorReasoning = Number(correct && !isFound)
  const inappropriateTool = Number(
    required.length === 0 && [...seen].some((tool) => ORIENTATION_TOOLS.has(tool)),
  )

  const r_acc = Number(correct)
  const r_fmt = Number(rollout.formatOk)
  const outcome = r_acc + (has('format') ? weights.format * r_fmt : 0)
  const strategy = has('strategy')
    ? mustUse +
      (has('exact') ? weights.exact * exact : 0) +
      (has('suggested') ? weights.suggested * suggested : 0)
    : 0
  const penalty = has('penalty') ? turnLimit + poorReasoning + inappropriateTool : 0
  return {
    r_acc,
    r_fmt,
    outcome,
    mustUse,
    exact,
    suggested,
    necessity,
    bestIoU,
    strategy,
    turnLimit,
    poorReasoning,
    inappropriateTool,
    penalty,
    total: outcome + weights.beta1 * strategy - weights.beta2 * penalty,
  }
}

/** Whether a call that succeeded used a tool that is neither required nor an orientation tool. */
export function usesOptional({
  calls,
  required,
}: {
  calls: readonly AnalysedCall[]
  required: readonly string[]
}): boolean {
  return calls.some(
    ({ ok, transforms }) =>
      ok && transforms.some((tool) => !required.includes(tool) && !ORIENTATION_TOOLS.has(tool)),
  )
}

/** All required tools in their order, nothing else, no failure. */
function isExact({
  calls,
  required,
}: {
  calls: readonly AnalysedCall[]
  required: readonly string[]
}): boolean {
  if (required.length === 0 || calls.some(({ ok }) => !ok)) return false
  const used = calls.flatMap(({ transforms }) => transforms)
  return used.length === required.length && used.every((tool, index) => tool === required[index])
}
