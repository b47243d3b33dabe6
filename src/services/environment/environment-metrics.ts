import { Counter, Histogram } from 'prom-client'
import type { Outcome } from '../../core/sample.js'
import { RecentDurations } from '../recent-durations.js'
import { LATENCY_BUCKETS, SandboxMetrics, type Readings } from '../sandbox-metrics.js'

/** Ways in which clients speak to an environment. */
export type Face = 'openenv' | 'nemo-gym' | 'http'

/** The figures of an environment service: those of its sandbox, and of its episodes. */
export class EnvironmentMetrics extends SandboxMetrics {
  private readonly episodes: Counter<'face'>
  private readonly outcomes: Counter<'outcome'>
  private readonly steps: Histogram
  private readonly recentSteps = new RecentDurations()

  constructor({ read }: { read: () => Readings }) {
    super({ read })
    const registers = [this.registry]
    this.episodes = new Counter({
      name: 'codevision_episodes_begun_total',
      help: 'Episodes that were begun, by the way in which the client speaks.',
      labelNames: ['face'],
      registers,
    })
    this.outcomes = new Counter({
      name: 'codevision_episodes_ended_total',
      help: 'Episodes that ended with a reward, by outcome.',
      labelNames: ['outcome'],
      registers,
    })
    this.steps = new Histogram({
      name: 'codevision_step_seconds',
      help: 'Seconds that a turn took, from its place in the queue to what the model is told, image encoded.',
      buckets: LATENCY_BUCKETS,
      registers,
    })
    const { window } = this.recentSteps
    this.gauge('step_p95_seconds', `The 95th percentile of the last ${window} turns.`, () =>
      this.recentSteps.p95(),
    )
  }

  begun(face: Face): void {
    this.episodes.inc({ face })
  }

  ended(outcome: Outcome): void {
    this.outcomes.inc({ outcome })
  }

  stepped(seconds: number): void {
    this.steps.observe(seconds)
    this.recentSteps.add(seconds)
  }
}
