import { Counter, Histogram } from 'prom-client'
import type { AnalysisProblem } from '../core/tool-analysis.js'
import { ServiceMetrics } from './service-metrics.js'

const LATENCY_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]

/** The figures of a reward service. */
export class RewardMetrics extends ServiceMetrics {
  private readonly requests: Counter<'variant' | 'analysis'>
  private readonly groups: Counter<'variant' | 'analysis'>
  private readonly rollouts: Counter<'variant' | 'analysis'>
  private readonly unread: Counter<'kind'>
  private readonly latency: Histogram

  constructor({
    read,
    beside,
  }: {
    read: () => { queued: number; running: number }
    beside?: ServiceMetrics
  }) {
    super({ ...(beside && { beside }) })
    const registers = [this.registry]
    const labelNames = ['variant', 'analysis'] as const
    const counter = (name: string, help: string): Counter<'variant' | 'analysis'> =>
      new Counter({ name: `codevision_reward_${name}_total`, help, labelNames, registers })
    this.requests = counter('requests', 'Requests whose rewards were answered.')
    this.groups = counter('groups', 'Groups that were scored.')
    this.rollouts = counter('rollouts', 'Rollouts that were scored.')
    this.unread = new Counter({
      name: 'codevision_reward_unread_texts_total',
      help: 'Calls whose text could not be read, so that they count as doing nothing, by problem.',
      labelNames: ['kind'],
      registers,
    })
    this.latency = new Histogram({
      name: 'codevision_reward_request_seconds',
      help: 'Seconds from a request that was read to its answer, waiting included.',
      buckets: LATENCY_BUCKETS,
      registers,
    })
    this.gauge('reward_requests_running', 'Requests that are scored.', () => read().running)
    this.gauge('reward_requests_queued', 'Requests that wait for it.', () => read().queued)
  }

  scored({
    variant,
    analysis,
    groups,
    rollouts,
    seconds,
  }: {
    variant: string
    analysis: string
    groups: number
    rollouts: number
    seconds: number
  }): void {
    const labels = { variant, analysis }
    this.requests.inc(labels)
    this.groups.inc(labels, groups)
    this.rollouts.inc(labels, rollouts)
    this.latency.observe(seconds)
  }

  unreadText({ kind }: AnalysisProblem): void {
    this.unread.inc({ kind })
  }
}
