import type { RolloutDigest, SampleDigest } from './digest.js'
import { groupBy } from './group-by.js'
import { clusteredProportion } from '../statistics/clustered-proportion.js'
import type { Interval } from '../statistics/wilson.js'

/** How tools were used, over the samples whose rollout ended. Intervals are 95 %, Wilson at the effective number. */
export interface ToolStatistics {
  meanTurns: number | null
  toolCalls: number
  meanToolCalls: number | null
  toolErrors: number
  /** Failed calls by calls. */
  toolErrorRate: number | null
  /** Calls of one question count as a cluster. */
  toolErrorInterval: Interval | null
  /** Tool calls of the model that could not be read. */
  malformedCalls: number
  /** Samples in which a call failed. */
  withErrors: number
  /** Of those, samples in which a later call succeeded and the answer is right. */
  recoveries: number
  recoveryRate: number | null
  recoveryInterval: Interval | null
  /** Tools outside the core set of orientation tools and crop (paper, section 5: emergent tools). */
  emergent: EmergentTools
}

export interface EmergentTools extends ToolUse {
  /** Samples that used one, by samples with a rollout. */
  rate: number | null
  rateInterval: Interval | null
  /** By the tool's name; a sample that used several is under each. */
  byTool: Record<string, ToolUse>
}

/** Samples that used a tool, and how many of them are right. */
export interface ToolUse {
  samples: number
  correct: number
  /** Null where none used it. */
  accuracy: number | null
  interval: Interval | null
}

type Finished = SampleDigest & { rollout: RolloutDigest }

/** @param scored samples that are in the rates. */
export function toolStatistics(scored: readonly SampleDigest[]): ToolStatistics {
  const finished = scored.filter((digest): digest is Finished => digest.rollout !== null)
  const sum = (count: (rollout: RolloutDigest) => number): number =>
    finished.reduce((total, { rollout }) => total + count(rollout), 0)
  const toolCalls = sum(({ calls }) => calls)
  const toolErrors = sum(({ failedCalls }) => failedCalls)
  const failing = finished.filter(({ rollout }) => rollout.failedCalls > 0)
  const isRecovery = ({ rollout, outcome }: Finished): boolean => rollout.recovered && outcome === 'correct'
  const recoveries = failing.filter(isRecovery).length
  return {
    meanTurns: ratio(
      sum(({ turns }) => turns),
      finished.length,
    ),
    toolCalls,
    meanToolCalls: ratio(toolCalls, finished.length),
    toolErrors,
    toolErrorRate: ratio(toolErrors, toolCalls),
    toolErrorInterval: clusteredProportion(
      finished.flatMap(({ cluster, rollout }) =>
        Array.from({ length: rollout.calls }, (_, index) => ({
          cluster,
          success: index < rollout.failedCalls,
        })),
      ),
    ),
    malformedCalls: sum(({ malformedCalls }) => malformedCalls),
    withErrors: failing.length,
    recoveries,
    recoveryRate: ratio(recoveries, failing.length),
    recoveryInterval: proportion({ samples: failing, isSuccess: isRecovery }),
    emergent: emergentTools(finished),
  }
}

function emergentTools(finished: readonly Finished[]): EmergentTools {
  const isUsing = ({ rollout }: Finished): boolean => rollout.emergentTools.length > 0
  const using = finished.filter(isUsing)
  const uses = using.flatMap((digest) => digest.rollout.emergentTools.map((tool) => ({ tool, digest })))
  const byTool = [...groupBy(uses, ({ tool }) => tool)].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...useOf(using),
    rate: ratio(using.length, finished.length),
    rateInterval: proportion({ samples: finished, isSuccess: isUsing }),
    byTool: Object.fromEntries(
      byTool.map(([tool, members]) => [tool, useOf(members.map(({ digest }) => digest))]),
    ),
  }
}

function useOf(samples: readonly Finished[]): ToolUse {
  const isSuccess = ({ outcome }: Finished): boolean => outcome === 'correct'
  const correct = samples.filter(isSuccess).length
  return {
    samples: samples.length,
    correct,
    accuracy: ratio(correct, samples.length),
    interval: proportion({ samples, isSuccess }),
  }
}

function proportion({
  samples,
  isSuccess,
}: {
  samples: readonly Finished[]
  isSuccess: (digest: Finished) => boolean
}): Interval | null {
  return clusteredProportion(
    samples.map((digest) => ({ cluster: digest.cluster, success: isSuccess(digest) })),
  )
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
