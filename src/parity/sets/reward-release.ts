import { z } from 'zod'
import { byCodePoints } from '../../core/code-point-order.js'
import { parsePythonJson, type PythonJson } from '../../core/python/json.js'
import { releaseComponents } from '../../reward/release/components.js'
import { expectedTools } from '../../reward/release/expected-tools.js'
import { necessityStatistics } from '../../reward/release/necessity.js'
import {
  readBestIoU,
  readCodeCount,
  readExpected,
  readFloat,
  readFormat,
  readTarget,
  readTruth,
} from '../../reward/release/recorded-fields.js'
import { ORIENTATION_TOOLS } from '../../reward/tools.js'
import { isClose } from '../close.js'
import { pureParitySet } from '../parity-set.js'

const parameters = z.object({
  alpha: z.number(),
  beta: z.number(),
  gamma: z.number(),
  format_reward_weight: z.number(),
  emerge_reward_weight: z.number(),
})
const json = z.custom<PythonJson>()
const rollout = z.object({
  tools_used: z.array(z.string()),
  tool_crop_boxes: z.array(json),
  code_count: json,
  used_any_tool: json,
  base_score: json,
  format_reward: json,
})
const input = z.object({ params: parameters, rollouts: z.array(rollout) })

/** Read as Python reads JSON: 5 and 5.0 are different names of tools. */
export const rewardRelease = pureParitySet({
  name: 'reward_release',
  answer: (_, source) => answer(parsePythonJson(source)),
  same: isClose,
})

function answer(line: PythonJson): unknown {
  const record = fieldOf(line, 'input')
  const { params, rollouts: given } = input.parse(plain(record, 3))
  const weights = {
    alpha: params.alpha,
    beta: params.beta,
    gamma: params.gamma,
    format: params.format_reward_weight,
    exact: 0.1,
    emerge: params.emerge_reward_weight,
  }
  const expected = expectedTools(readExpected(fieldOf(record, 'required_transforms')))
  const target = readTarget(fieldOf(record, 'gt_bbox'))
  const rollouts = given.map((each) => ({
    correct: Math.fround(readFloat(each.base_score) ?? 0) > 0.5,
    format: readFormat(each.format_reward),
    used: new Set(each.tools_used),
    codeCount: readCodeCount(each.code_count),
    usedAnyTool: readTruth(each.used_any_tool),
    bestIoU: readBestIoU({ target, crops: each.tool_crop_boxes }),
  }))
  const statistics = necessityStatistics(rollouts)
  return {
    expected_transforms: [...expected.all].sort(byCodePoints),
    gt_bbox_normalized: target === null ? null : plain(target, Infinity),
    group_stats: statistics,
    rollouts: rollouts.map((each) => {
      const parts = releaseComponents({
        rollout: each,
        expected,
        statistics,
        parameters: { weights, without: [] },
      })
      const spurious = expected.hasOrientation
        ? []
        : [...each.used].filter((tool) => ORIENTATION_TOOLS.has(tool))
      return {
        is_correct: each.correct,
        code_count_normalized: each.codeCount,
        used_transforms: [...each.used].sort(byCodePoints),
        r_acc: parts.R_acc,
        r_mandatory: parts.R_mandatory,
        r_necessity: parts.R_necessity,
        c_usage: parts.C_usage,
        r_spurious: parts.R_spurious,
        spurious_ops: spurious.sort(byCodePoints),
        r_exact: parts.R_exact,
        r_emerge: parts.R_emerge,
        format_reward: parts.R_fmt,
        best_crop_iou: each.bestIoU,
        outcome_reward: parts.outcome_reward,
        process_reward: parts.process_reward,
        penalty: parts.penalty,
        r_total: parts.R_total,
        rm_score_f32: Math.fround(parts.R_total),
      }
    }),
  }
}

function fieldOf(value: PythonJson, name: string): PythonJson {
  return value instanceof Map ? (value.get(name) ?? null) : null
}

/** Python's objects and integers as JavaScript's, down to `depth` levels; below, the values are what is tested. */
function plain(value: PythonJson, depth: number): unknown {
  if (depth === 0) return value
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map((item) => plain(item, depth - 1))
  if (!(value instanceof Map)) return value
  return Object.fromEntries([...value].map(([key, item]) => [key, plain(item, depth - 1)]))
}
