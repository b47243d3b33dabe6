import type { ToolAnalyzer } from '../core/tool-analysis.js'
import { rememberedAnalyzer } from '../reward/remembered-analyzer.js'
import { Admission } from './admission.js'
import type { RewardLimits } from './reward-limits.js'
import { RewardMetrics } from './reward-metrics.js'
import { rewardRequests } from './reward-requests.js'
import type { RewardRoutesParameters } from './reward-routes.js'
import { RewardScorer } from './reward-scorer.js'
import type { ServiceMetrics } from './service-metrics.js'

/** What POST /v1/reward is made of, in whatever service it is offered. */
export type RewardParts = Omit<RewardRoutesParameters, 'app' | 'onScored'>

/** A bounded queue, a scorer and the figures of both. */
export function rewardParts({
  analyzer,
  limits,
  beside,
}: {
  /** Reads what calls do from their text; null: analysis `static` takes recorded analyses only. */
  analyzer: ToolAnalyzer | null
  limits: RewardLimits
  /** Figures of the same service. */
  beside?: ServiceMetrics
}): RewardParts {
  const { queue, requestsPerClient: callsPerClient } = limits
  // One at a time in this thread; each lets others take turns with it.
  const admission = new Admission({ capacity: 1, queue, callsPerClient })
  const metrics = new RewardMetrics({
    read: () => ({ queued: admission.queued, running: admission.running }),
    ...(beside && { beside }),
  })
  const scorer = new RewardScorer({
    analyzer: analyzer && rememberedAnalyzer(analyzer),
    mostGroups: limits.groups,
    onProblem: (problem) => metrics.unreadText(problem),
  })
  const underWay = new Set<AbortController>()
  return { requests: rewardRequests(limits), scorer, admission, metrics, underWay }
}
